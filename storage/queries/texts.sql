-- name: keep!
INSERT INTO texts (digest, language, body) VALUES (:digest, :language, :body) ON CONFLICT DO NOTHING;

-- name: proof^
SELECT body FROM texts WHERE digest = 'key';
