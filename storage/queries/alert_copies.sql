-- name: insert!
INSERT INTO alert_copies (alert_id, staff_id, role, at) VALUES (:alert_id, :staff_id, :role, :at)
ON CONFLICT (alert_id, staff_id) DO UPDATE SET role = excluded.role, at = excluded.at;

-- name: of_alert
SELECT staff_id, role FROM alert_copies WHERE alert_id = :alert_id AND role <> 'struck'
ORDER BY at, staff_id;

-- name: remove!
-- They know what they were told, and the client is told so; but it is theirs no more.
UPDATE alert_copies SET role = 'struck' WHERE alert_id = :alert_id AND staff_id = :staff_id;

-- name: staff_of
SELECT DISTINCT c.staff_id FROM alert_copies c JOIN alerts a ON a.id = c.alert_id WHERE a.client_id = :client_id;
