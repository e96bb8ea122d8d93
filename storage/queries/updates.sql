-- name: seen
SELECT update_id FROM updates WHERE update_id IN (SELECT value FROM json_each(:ids));

-- name: note!
INSERT INTO updates (update_id, at) VALUES (:update_id, :at);

-- name: prune!
DELETE FROM updates WHERE at < :before;

-- name: newest^
SELECT max(at) FROM updates;
