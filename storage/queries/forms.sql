-- name: keep!
INSERT INTO forms (name, version, source, at) VALUES (:name, :version, :source, :at)
ON CONFLICT (name, version) DO NOTHING;

-- name: all
SELECT * FROM forms ORDER BY name, version;

-- name: one^
SELECT * FROM forms WHERE name = :name AND version = :version;
