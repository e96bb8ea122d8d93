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

-- name: ratings
-- Every rating there ever was, in the order given, with what hangs on it: the newest words said about it in the same
-- sitting, and the newest wish, both before the same need was rated again. Streams: nothing is sorted or grouped.
WITH rated AS (
    SELECT r.*, (SELECT min(n.id) FROM responses n WHERE n.person_id = r.person_id AND n.instrument = r.instrument
        AND n.version = r.version AND n.item = r.item AND n.id > r.id) AS next_id
    FROM responses r WHERE replace(r.item, '.', '') = r.item
)
SELECT r.person_id, r.item, r.status, r.value, r.at, r.instrument, r.version, r.language, r.mode,
    i.code, i.key, b.code AS assisted_by, s.at AS sitting_at, s.start,
    w.status AS wish_status, w.value AS wish, m.id AS meaning_id, m.status AS meaning_status, m.words,
    CASE WHEN m.words IS NOT NULL THEN (SELECT c.granted FROM consents c
        WHERE c.person_id = r.person_id AND c.purpose = 'plan' ORDER BY c.id DESC LIMIT 1) END AS may_keep
FROM rated r
JOIN identities i ON i.person_id = r.person_id
LEFT JOIN identities b ON b.person_id = r.assisted_by
LEFT JOIN sittings s ON s.session_id = r.session_id
LEFT JOIN responses m ON m.id = (SELECT max(n.id) FROM responses n WHERE n.person_id = r.person_id
    AND n.instrument = r.instrument AND n.version = r.version AND n.item = r.item || '.meaning'
    AND n.id > r.id AND n.id < coalesce(r.next_id, 9223372036854775807) AND n.session_id = r.session_id)
LEFT JOIN responses w ON w.id = (SELECT max(n.id) FROM responses n WHERE n.person_id = r.person_id
    AND n.instrument = r.instrument AND n.version = r.version AND n.item = r.item || '.wish'
    AND n.id > r.id AND n.id < coalesce(r.next_id, 9223372036854775807))
ORDER BY r.id;

-- name: items_of
SELECT DISTINCT item FROM responses WHERE instrument = :instrument AND version = :version
    AND replace(item, '.', '') = item ORDER BY item;

-- name: of_person
SELECT * FROM responses WHERE person_id = :person_id ORDER BY id;
