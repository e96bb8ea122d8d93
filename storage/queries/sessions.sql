-- name: save!
INSERT INTO sessions (id, person_id, script, state, body, started_at, touched_at, stamp)
VALUES (:id, :person_id, :script, :state, :body, :started_at, :touched_at, :stamp)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body, touched_at = excluded.touched_at,
    stamp = excluded.stamp;

-- name: mark!
UPDATE sessions SET state = :state WHERE id = :id;

-- name: open
SELECT id, person_id, script, state, started_at, touched_at, stamp,
    CASE WHEN state = 'live' THEN body END AS body FROM sessions
WHERE person_id IN (SELECT value FROM json_each(:people)) AND state IN ('live', 'interrupted', 'parked')
ORDER BY touched_at, id;

-- name: one^
SELECT * FROM sessions WHERE id = :id AND person_id = :person_id;

-- name: give_up!
-- What somebody left on the way; what they said stands in facts of its own.
DELETE FROM sessions WHERE person_id = :person_id AND state IN ('interrupted', 'parked');
