-- name: insert!
INSERT INTO outbox (id, person_id, slot_id, subject_id, lane, purpose, method, body, state, reason, attempts,
    not_before, expires_at, created_at)
VALUES (:id, :person_id, :slot_id, :subject_id, :lane, :purpose, :method, :body, :state, '', 0,
    :not_before, :expires_at, :created_at);

-- name: settle!
UPDATE outbox SET state = :state, reason = :reason, body = x'' WHERE id = :id;

-- name: later!
UPDATE outbox SET state = 'queued', reason = :reason, attempts = attempts + 1, not_before = :not_before
WHERE id = :id;

-- name: lease!
UPDATE outbox SET state = 'leased' WHERE id = :id;

-- name: recover!
UPDATE outbox SET state = 'uncertain' WHERE state = 'leased';

-- name: waiting
SELECT o.*, i.key FROM outbox o JOIN identities i ON i.person_id = coalesce(o.subject_id, o.person_id)
WHERE o.state IN ('queued', 'uncertain') AND o.not_before <= :now ORDER BY o.id LIMIT :most;

-- name: drop_of_slot!
UPDATE outbox SET state = 'expired', reason = 'replaced', body = x''
WHERE slot_id = :slot_id AND state = 'queued';

-- name: prune!
DELETE FROM outbox WHERE state IN ('sent', 'expired', 'failed', 'blocked') AND created_at < :before;

-- name: depth
SELECT state, count(*) AS number, min(not_before) AS oldest FROM outbox GROUP BY state;
