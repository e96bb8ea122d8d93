-- name: insert!
INSERT INTO alert_copies (alert_id, staff_id, role, at) VALUES (:alert_id, :staff_id, :role, :at)
ON CONFLICT DO NOTHING;

-- name: of_alert
SELECT staff_id, role FROM alert_copies WHERE alert_id = :alert_id ORDER BY at, staff_id;

-- name: remove!
DELETE FROM alert_copies WHERE alert_id = :alert_id AND staff_id = :staff_id;

-- name: staff_of
SELECT DISTINCT c.staff_id FROM alert_copies c JOIN alerts a ON a.id = c.alert_id WHERE a.client_id = :client_id;
