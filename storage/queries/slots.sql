-- name: save!
INSERT INTO slots (id, person_id, name, message_id, sent_at) VALUES (:id, :person_id, :name, :message_id, :sent_at)
ON CONFLICT (id) DO UPDATE SET message_id = excluded.message_id, sent_at = excluded.sent_at;

-- name: of_people
SELECT * FROM slots WHERE person_id IN (SELECT value FROM json_each(:people));

-- name: named^
SELECT * FROM slots WHERE person_id = :person_id AND name = :name;
