-- name: insert!
INSERT INTO lines (id, talk_id, sender_id, session_id, number, body, at)
VALUES (:id, :talk_id, :sender_id, :session_id, :number, :body, :at);

-- name: latest
SELECT * FROM lines WHERE talk_id = :talk_id ORDER BY id DESC LIMIT :most;

-- name: of_client
SELECT l.*, t.staff_id FROM lines l JOIN talks t ON t.id = l.talk_id WHERE t.client_id = :client_id ORDER BY l.id;
