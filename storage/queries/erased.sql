-- name: note!
INSERT INTO erased (person_id, at) VALUES (:person_id, :at) ON CONFLICT DO NOTHING;

-- name: all
SELECT person_id, at FROM erased ORDER BY at, person_id;
