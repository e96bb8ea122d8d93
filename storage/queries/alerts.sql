-- name: insert!
INSERT INTO alerts (id, client_id, session_id, number, kind, level, state, rung, body, raised_at, due_at)
VALUES (:id, :client_id, :session_id, :number, :kind, :level, 'open', :rung, :body, :raised_at, :due_at);

-- name: one^
SELECT * FROM alerts WHERE id = :id;

-- name: of_client
SELECT * FROM alerts WHERE client_id = :client_id AND state NOT IN ('closed', 'withdrawn') ORDER BY id DESC;

-- name: of_staff
SELECT a.* FROM alert_copies c JOIN alerts a ON a.id = c.alert_id
WHERE c.staff_id = :staff_id AND c.role <> 'struck' AND a.state NOT IN ('closed', 'withdrawn')
    AND (a.claimed_by IS NULL OR a.claimed_by = :staff_id)
ORDER BY a.level, a.id;

-- name: claim!
UPDATE alerts SET state = 'claimed', claimed_by = :staff_id, claimed_at = :now,
    seen_by = coalesce(seen_by, :staff_id), seen_at = coalesce(seen_at, :now), due_at = NULL
WHERE id = :id AND state IN ('open', 'seen', 'unanswered');

-- name: see!
UPDATE alerts SET state = CASE WHEN state = 'open' THEN 'seen' ELSE state END, seen_by = :staff_id, seen_at = :now
WHERE id = :id AND seen_by IS NULL AND state IN ('open', 'unanswered');

-- name: withdraw!
UPDATE alerts SET state = 'withdrawn', closed_at = :now, due_at = NULL
WHERE id = :id AND client_id = :client_id AND state IN ('open', 'unanswered') AND seen_by IS NULL;

-- name: close!
UPDATE alerts SET state = 'closed', closed_at = :now, closed_by = :staff_id, due_at = NULL
WHERE id = :id AND claimed_by = :staff_id AND state = 'claimed';

-- name: ask_to_close!
UPDATE alerts SET close_asked_at = :now WHERE id = :id AND client_id = :client_id AND close_asked_at IS NULL;

-- name: climb!
UPDATE alerts SET rung = :rung, due_at = :due_at, state = :state WHERE id = :id;

-- name: due
SELECT * FROM alerts WHERE state IN ('open', 'seen') AND due_at <= :now ORDER BY due_at LIMIT 50;

-- name: unreached
SELECT a.* FROM alerts a WHERE a.state IN ('open', 'unanswered')
    AND NOT EXISTS (SELECT 1 FROM alert_copies c JOIN people p ON p.id = c.staff_id
        WHERE c.alert_id = a.id AND c.role <> 'struck' AND p.blocked_at IS NULL)
ORDER BY a.id LIMIT 50;

-- name: with_staff
SELECT a.*, i.code, i.key, s.code AS seen_by_code, t.code AS claimed_by_code, c.code AS closed_by_code
FROM alerts a JOIN identities i ON i.person_id = a.client_id
LEFT JOIN identities s ON s.person_id = a.seen_by
LEFT JOIN identities t ON t.person_id = a.claimed_by
LEFT JOIN identities c ON c.person_id = a.closed_by
WHERE a.kind <> 'money' -- of trouble with money only those hear who were told of it
ORDER BY a.id;

-- name: reword!
UPDATE alerts SET body = :body, rung = :rung WHERE id = :id;

-- name: unsee!
UPDATE alerts SET seen_by = NULL, seen_at = NULL, state = CASE WHEN state = 'seen' THEN 'open' ELSE state END
WHERE id = :id AND seen_by = :staff_id AND state IN ('open', 'seen', 'unanswered');

-- name: release!
UPDATE alerts SET state = 'open', claimed_by = NULL, claimed_at = NULL
WHERE id = :id AND claimed_by = :staff_id AND state = 'claimed';

-- name: end!
UPDATE alerts SET state = 'withdrawn', closed_at = :now, due_at = NULL
WHERE id = :id AND state NOT IN ('closed', 'withdrawn');

-- name: every_of_client
SELECT * FROM alerts WHERE client_id = :client_id ORDER BY id;
