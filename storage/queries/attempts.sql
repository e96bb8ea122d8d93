-- name: note!
INSERT INTO attempts (update_id, count, at) VALUES (:update_id, 1, :at)
ON CONFLICT (update_id) DO UPDATE SET count = attempts.count + 1, at = excluded.at;

-- name: all
SELECT update_id, count FROM attempts;

-- name: forget!
DELETE FROM attempts WHERE update_id = :update_id;
