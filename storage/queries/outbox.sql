-- name: insert!
INSERT INTO outbox (id, person_id, slot_id, subject_id, lane, purpose, method, body, state, reason, attempts,
    not_before, expires_at, created_at, asking_id)
VALUES (:id, :person_id, :slot_id, :subject_id, :lane, :purpose, :method, :body, :state, '', 0,
    :not_before, :expires_at, :created_at, :asking_id);

-- name: settle!
UPDATE outbox SET state = :state, reason = :reason, body = x'' WHERE id = :id;

-- name: later!
UPDATE outbox SET state = 'queued', reason = :reason, attempts = attempts + 1, not_before = :not_before
WHERE id = :id;

-- name: lease!
UPDATE outbox SET state = 'leased' WHERE id = :id;

-- name: hand_back!
-- What was leased, but for what was under way, waits again.
UPDATE outbox SET state = 'queued' WHERE state = 'leased' AND id NOT IN (SELECT value FROM json_each(:but));

-- name: recover!
UPDATE outbox SET state = 'uncertain' WHERE state = 'leased';

-- name: waiting
-- `overtaken`: the slot shows something newer by now, or is about to.
SELECT o.*, i.key, o.method = 'show' AND EXISTS (SELECT 1 FROM outbox n WHERE n.person_id = o.person_id
    AND n.state IN ('leased', 'sent') AND n.slot_id = o.slot_id AND n.method = 'show' AND n.id > o.id) AS overtaken
FROM outbox o JOIN identities i ON i.person_id = coalesce(o.subject_id, o.person_id)
WHERE o.state IN ('queued', 'uncertain') AND o.not_before <= :now ORDER BY o.id LIMIT :most;

-- name: prune!
-- Of what was written before the row `before`, some of what is done with: after a large round there is much of it. Ids
-- grow with time; by state alone all that was ever sent would be looked through.
DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id < :before
    AND CAST(state AS TEXT) IN ('sent', 'expired', 'failed', 'blocked') ORDER BY id LIMIT :most);

-- name: depth
SELECT state, count(*) AS number, min(not_before) AS oldest FROM outbox GROUP BY state;

-- name: drop!
UPDATE outbox SET state = 'expired', reason = 'withdrawn', body = x''
WHERE person_id = :person_id AND purpose = :purpose AND state IN ('queued', 'uncertain');

-- name: give_up!
-- Whatever waited, once it can be no news any more.
UPDATE outbox SET state = 'expired', reason = 'restored', body = x'' WHERE state IN ('queued', 'leased', 'uncertain');
