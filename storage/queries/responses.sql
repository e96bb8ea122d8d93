-- name: insert!
INSERT INTO responses (id, person_id, session_id, number, instrument, version, language, mode, assisted_by,
    item, status, value, words, at)
VALUES (:id, :person_id, :session_id, :number, :instrument, :version, :language, :mode, :assisted_by,
    :item, :status, :value, :words, :at);

-- name: newest
SELECT r.item, r.status, r.value, r.id FROM responses r
WHERE r.person_id = :person_id AND r.instrument = :instrument AND r.version = :version
    AND r.id = (SELECT max(n.id) FROM responses n WHERE n.person_id = r.person_id AND n.instrument = r.instrument
        AND n.version = r.version AND n.item = r.item)
ORDER BY r.id;

-- name: words
SELECT r.id, r.item, r.words FROM responses r
WHERE r.person_id = :person_id AND r.instrument = :instrument AND r.words IS NOT NULL
ORDER BY r.id;

-- name: clients_who_rated^
SELECT count(DISTINCT r.person_id) FROM responses r JOIN people p ON p.id = r.person_id AND p.role = 'client'
WHERE r.instrument = :instrument AND r.value IS NOT NULL;

-- name: all
SELECT r.*, i.code, i.key, a.structure, a.wording FROM responses r
JOIN identities i ON i.person_id = r.person_id
LEFT JOIN instruments a ON a.name = r.instrument AND a.version = r.version AND a.language = r.language
ORDER BY r.id;
