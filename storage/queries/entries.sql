-- name: insert!
INSERT INTO entries (id, line_id, person_id, kind, body, session_id, number, language, mode, assisted_by, at)
VALUES (:id, :line_id, :person_id, :kind, :body, :session_id, :number, :language, :mode, :assisted_by, :at);

-- name: newest
-- What counts of each line, in the order in which they were begun; one that was taken away has no body.
SELECT e.* FROM entries e WHERE e.person_id = :person_id AND e.id = (SELECT max(n.id) FROM entries n
    WHERE n.person_id = e.person_id AND n.line_id = e.line_id)
ORDER BY e.line_id;
