-- name: insert!
INSERT INTO letters (id, update_id, error, body, at, expires_at)
VALUES (:id, :update_id, :error, :body, :at, :expires_at);

-- name: count^
SELECT count(*) FROM letters WHERE expires_at > :now;

-- name: prune!
DELETE FROM letters WHERE expires_at <= :now;

-- name: all
SELECT id, body FROM letters;

-- name: erase!
DELETE FROM letters WHERE id = :id;
