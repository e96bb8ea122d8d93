-- name: insert!
INSERT INTO lines (id, talk_id, sender_id, session_id, number, body, at)
VALUES (:id, :talk_id, :sender_id, :session_id, :number, :body, :at);

-- name: latest
SELECT * FROM lines WHERE talk_id = :talk_id ORDER BY id DESC LIMIT :most;
