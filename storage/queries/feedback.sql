-- name: insert!
INSERT INTO feedback (id, person_id, session_id, number, named, body, at)
VALUES (:id, :person_id, :session_id, :number, :named, :body, :at);

-- name: of_person
SELECT * FROM feedback WHERE person_id = :person_id ORDER BY id;

-- name: one^
SELECT f.*, i.code, i.key FROM feedback f JOIN identities i ON i.person_id = f.person_id WHERE f.id = :id;

-- name: page
SELECT f.id, f.at, f.read_at FROM feedback f ORDER BY f.read_at IS NOT NULL, f.id DESC LIMIT :most OFFSET :skip;

-- name: unread^
SELECT count(*) FROM feedback WHERE read_at IS NULL;

-- name: read!
UPDATE feedback SET read_at = :now, read_by = :staff_id WHERE id = :id AND read_at IS NULL;

-- name: unread_of
SELECT id FROM feedback WHERE person_id = :person_id AND read_at IS NULL AND id <> :id;
