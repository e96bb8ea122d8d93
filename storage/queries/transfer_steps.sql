-- name: insert!
INSERT INTO transfer_steps (id, transfer_id, by_id, step, body, at)
VALUES (:id, :transfer_id, :by_id, :step, :body, :at);

-- name: of_transfer
SELECT * FROM transfer_steps WHERE transfer_id = :transfer_id ORDER BY id;

-- name: forget!
-- Of transfers whose client is gone.
DELETE FROM transfer_steps WHERE transfer_id IN (SELECT id FROM transfers WHERE person_id IS NULL);
