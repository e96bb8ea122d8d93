-- name: note!
INSERT INTO copies (id, kind, words, at) VALUES (:id, :kind, :words, :at);

-- name: latest
SELECT kind, words, at FROM copies WHERE at >= :since ORDER BY at DESC, id DESC LIMIT :most;
