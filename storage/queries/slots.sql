-- name: save!
-- Someone forgotten while a message was on its way has no slots any more.
INSERT INTO slots (id, person_id, message_id, sent_at) SELECT :id, id, :message_id, :sent_at FROM people
WHERE id = :person_id
ON CONFLICT (id) DO UPDATE SET message_id = excluded.message_id, sent_at = excluded.sent_at;

-- name: one^
SELECT * FROM slots WHERE id = :id;

-- name: empty!
DELETE FROM slots WHERE id = :id;
