-- name: insert!
INSERT INTO counted (edition_id, person_id, language, place, said)
VALUES (:edition_id, :person_id, :language, :place, :said);

-- name: of_edition
SELECT * FROM counted WHERE edition_id = :edition_id ORDER BY person_id;

-- name: countable
-- The newest answer to every item, of each adult client who agrees now to be counted and is not about to go.
SELECT p.id AS person_id, p.language, p.place, r.item, r.status, r.value FROM people p
JOIN responses r ON r.person_id = p.id AND r.instrument = :instrument AND r.version = :version
    AND replace(r.item, '.', '') = r.item
    AND r.id = (SELECT max(n.id) FROM responses n WHERE n.person_id = r.person_id AND n.instrument = r.instrument
        AND n.version = r.version AND n.item = r.item)
WHERE p.role = 'client' AND p.adult = 1 AND p.left_at IS NULL AND p.erase_at IS NULL
    AND (SELECT c.granted FROM consents c WHERE c.person_id = p.id AND c.purpose = 'figures'
        ORDER BY c.id DESC LIMIT 1) = 1
ORDER BY p.id;
