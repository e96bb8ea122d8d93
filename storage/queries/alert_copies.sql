-- name: insert!
INSERT INTO alert_copies (alert_id, staff_id, role, at) VALUES (:alert_id, :staff_id, :role, :at)
ON CONFLICT DO NOTHING;

-- name: of_alert
SELECT staff_id, role FROM alert_copies WHERE alert_id = :alert_id ORDER BY at, staff_id;
