-- name: insert!
INSERT INTO entries (id, line_id, person_id, kind, body, session_id, number, language, mode, assisted_by, at)
VALUES (:id, :line_id, :person_id, :kind, :body, :session_id, :number, :language, :mode, :assisted_by, :at);

-- name: newest
-- What counts of each line, in the order in which they were begun; one that was taken away has no body.
SELECT e.* FROM entries e WHERE e.person_id = :person_id AND e.id = (SELECT max(n.id) FROM entries n
    WHERE n.person_id = e.person_id AND n.line_id = e.line_id)
ORDER BY e.line_id;

-- name: of_line
SELECT * FROM entries WHERE person_id = :person_id AND line_id = :line_id ORDER BY id DESC;

-- name: changes
-- Rows that came after the first one of their line, and still have something to let go, by when they came.
SELECT e.* FROM entries e WHERE e.at >= :since AND e.at <= :until AND e.id <> e.line_id
    AND (e.body IS NULL OR EXISTS (SELECT 1 FROM entries b
        WHERE b.person_id = e.person_id AND b.line_id = e.line_id AND b.id < e.id))
ORDER BY e.at, e.id LIMIT :most;

-- name: let_go!
DELETE FROM entries WHERE id = :id;

-- name: counted
-- What counts of each of a person's lines, without what was taken away. Streams.
SELECT e.*, i.key FROM entries e JOIN identities i ON i.person_id = e.person_id
WHERE e.person_id = :person_id AND e.body IS NOT NULL AND e.id = (SELECT max(n.id) FROM entries n
    WHERE n.person_id = e.person_id AND n.line_id = e.line_id)
ORDER BY e.line_id;

-- name: standing^
-- One row, if it still counts and its client agrees to that.
SELECT e.*, i.key FROM entries e JOIN identities i ON i.person_id = e.person_id
WHERE e.id = :id AND e.body IS NOT NULL
    AND e.id = (SELECT max(n.id) FROM entries n WHERE n.person_id = e.person_id AND n.line_id = e.line_id)
    AND (SELECT c.granted FROM consents c WHERE c.person_id = e.person_id AND c.purpose = :purpose
        ORDER BY c.id DESC LIMIT 1) = 1;
