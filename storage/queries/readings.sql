-- name: insert!
INSERT INTO readings (id, staff_id, client_id, what, at) VALUES (:id, :staff_id, :client_id, :what, :at);
