-- name: save!
-- Someone forgotten while a message was on its way has no slots any more.
INSERT INTO slots (id, person_id, message_id, sent_at, subject_id)
SELECT :id, id, :message_id, :sent_at, :subject_id FROM people WHERE id = :person_id
ON CONFLICT (id) DO UPDATE SET message_id = excluded.message_id, sent_at = excluded.sent_at,
    subject_id = excluded.subject_id;

-- name: one^
SELECT * FROM slots WHERE id = :id;

-- name: some
SELECT * FROM slots WHERE id IN (SELECT value FROM json_each(:ids));

-- name: empty!
DELETE FROM slots WHERE id = :id;

-- name: about
SELECT * FROM slots WHERE subject_id = :subject_id AND person_id <> :subject_id ORDER BY id;

-- name: of_person
SELECT * FROM slots WHERE person_id = :person_id ORDER BY id;

-- name: forget_subjects!
DELETE FROM slots WHERE subject_id NOT IN (SELECT id FROM people);
