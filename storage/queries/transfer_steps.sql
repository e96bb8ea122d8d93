-- name: insert!
INSERT INTO transfer_steps (id, transfer_id, by_id, step, body, at)
VALUES (:id, :transfer_id, :by_id, :step, :body, :at);

-- name: of_transfer
SELECT * FROM transfer_steps WHERE transfer_id = :transfer_id ORDER BY id;
