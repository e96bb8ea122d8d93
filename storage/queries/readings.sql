-- name: insert!
INSERT INTO readings (id, staff_id, client_id, what, at) VALUES (:id, :staff_id, :client_id, :what, :at);

-- name: of_client
SELECT * FROM readings WHERE client_id = :client_id ORDER BY id DESC;
