-- name: archive!
INSERT INTO instruments (name, version, language, structure, wording, body, at)
VALUES (:name, :version, :language, :structure, :wording, :body, :at)
ON CONFLICT DO NOTHING;

-- name: digests
SELECT name, version, language, structure, wording FROM instruments;
