-- name: keep!
INSERT INTO texts (digest, language, body) VALUES (:digest, :language, :body) ON CONFLICT DO NOTHING;
