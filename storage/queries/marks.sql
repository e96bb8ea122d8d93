-- name: put!
INSERT INTO marks (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: get^
SELECT value FROM marks WHERE name = :name;

-- name: begin_anew!
-- What a process that was running then had come to.
DELETE FROM marks WHERE name IN ('offset', 'running');
