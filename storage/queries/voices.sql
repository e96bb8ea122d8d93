-- name: insert!
INSERT INTO voices (id, person_id, message_id, seconds, body, sound, state, attempts, due_at)
VALUES (:id, :person_id, :message_id, :seconds, :body, NULL, 'waiting', 0, :due_at);

-- name: one^
SELECT * FROM voices WHERE id = :id;

-- name: waiting
SELECT v.*, i.key FROM voices v JOIN identities i ON i.person_id = v.person_id
WHERE v.state = 'waiting' AND v.due_at <= :now ORDER BY v.due_at LIMIT 20;

-- name: keep!
UPDATE voices SET sound = :sound, state = 'kept' WHERE id = :id AND state = 'waiting';

-- name: again!
UPDATE voices SET attempts = attempts + 1, due_at = :due_at, state = :state WHERE id = :id AND state = 'waiting';

-- name: of_person
SELECT * FROM voices WHERE person_id = :person_id ORDER BY id;

-- name: not_kept
SELECT message_id FROM voices WHERE person_id = :person_id AND state = 'waiting';

-- name: let_go!
DELETE FROM voices WHERE id = :id AND person_id = :person_id;
