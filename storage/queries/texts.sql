-- name: keep!
INSERT INTO texts (digest, language, body) VALUES (:digest, :language, :body) ON CONFLICT DO NOTHING;

-- name: put!
INSERT INTO texts (digest, language, body) VALUES (:digest, '', :body)
ON CONFLICT (digest) DO UPDATE SET body = excluded.body;

-- name: username^
SELECT body FROM texts WHERE digest = 'username';

-- name: proof^
SELECT body FROM texts WHERE digest = 'key';
