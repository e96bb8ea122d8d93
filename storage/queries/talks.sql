-- name: insert!
INSERT INTO talks (id, client_id, staff_id, alert_id, opened_at)
VALUES (:id, :client_id, :staff_id, :alert_id, :opened_at);

-- name: one^
SELECT * FROM talks WHERE id = :id;

-- name: between^
SELECT * FROM talks WHERE client_id = :client_id AND staff_id = :staff_id AND closed_at IS NULL
ORDER BY id DESC LIMIT 1;

-- name: open_of
SELECT * FROM talks WHERE (client_id = :person_id OR staff_id = :person_id) AND closed_at IS NULL ORDER BY id DESC;

-- name: close!
UPDATE talks SET closed_at = :now WHERE id = :id AND closed_at IS NULL;

-- name: of_client
SELECT * FROM talks WHERE client_id = :client_id ORDER BY id;

-- name: turn_to!
UPDATE talks SET alert_id = :alert_id WHERE id = :id;
