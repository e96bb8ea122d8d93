-- name: insert!
INSERT INTO consents (id, person_id, session_id, number, purpose, granted, digest, language, mode, at)
VALUES (:id, :person_id, :session_id, :number, :purpose, :granted, :digest, :language, :mode, :at);

-- name: granted
SELECT c.purpose FROM consents c
WHERE c.person_id = :person_id AND c.granted = 1
    AND c.id = (SELECT max(n.id) FROM consents n WHERE n.person_id = c.person_id AND n.purpose = c.purpose);

-- name: all
SELECT c.*, i.code FROM consents c JOIN identities i ON i.person_id = c.person_id ORDER BY c.id;

-- name: ledger
SELECT c.purpose, c.granted, c.at, t.body AS words FROM consents c LEFT JOIN texts t ON t.digest = c.digest
WHERE c.person_id = :person_id ORDER BY c.id DESC;
