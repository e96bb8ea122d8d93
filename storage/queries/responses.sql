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
-- Every rating by an instrument there ever was, in the order given, with what hangs on it: the newest words said about
-- it in the same sitting, and the newest wish, both before the same need was rated again. Streams: nothing is sorted or
-- grouped.
WITH rated AS (
    SELECT r.*, (SELECT min(n.id) FROM responses n WHERE n.person_id = r.person_id AND n.instrument = r.instrument
        AND n.version = r.version AND n.item = r.item AND n.id > r.id) AS next_id
    FROM responses r WHERE r.instrument = :instrument AND replace(r.item, '.', '') = r.item
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

-- name: of_round
-- What clients who agree to be counted answered in the sessions of one round, client by client in the order given.
SELECT r.instrument, r.version, r.item, r.status, r.value, a.person_id, r.at, coalesce(a.opened_at, r.at) AS opened_at
FROM askings a JOIN people p ON p.id = a.person_id
JOIN responses r ON r.session_id = a.session_id AND r.person_id = a.person_id
WHERE a.round_id = :round_id AND p.role = 'client' AND p.adult = 1 AND p.left_at IS NULL AND p.erase_at IS NULL
    AND (SELECT c.granted FROM consents c WHERE c.person_id = p.id AND c.purpose = 'figures'
        ORDER BY c.id DESC LIMIT 1) = 1
ORDER BY a.person_id, r.id;

-- name: checked
-- Every answer to another instrument than the needs, in the order given, with the round that asked it. Streams.
SELECT r.id, r.person_id, r.instrument, r.version, r.language, r.mode, r.item, r.status, r.value, r.words, r.at,
    i.code, i.key, b.code AS assisted_by,
    (SELECT count(*) FROM plans l WHERE l.id <= d.plan_id) || '.' || d.number AS round,
    CASE WHEN r.words IS NOT NULL THEN (SELECT c.granted FROM consents c
        WHERE c.person_id = r.person_id AND c.purpose = 'plan' ORDER BY c.id DESC LIMIT 1) END AS may_keep
FROM responses r JOIN identities i ON i.person_id = r.person_id
LEFT JOIN identities b ON b.person_id = r.assisted_by
LEFT JOIN askings a ON a.person_id = r.person_id AND a.session_id = r.session_id
LEFT JOIN rounds d ON d.id = a.round_id
WHERE r.instrument <> :needs ORDER BY r.id;

-- name: checked_of
-- The same of one person.
SELECT r.id, r.person_id, r.instrument, r.version, r.language, r.mode, r.item, r.status, r.value, r.words, r.at,
    i.code, i.key, b.code AS assisted_by,
    (SELECT count(*) FROM plans l WHERE l.id <= d.plan_id) || '.' || d.number AS round,
    CASE WHEN r.words IS NOT NULL THEN (SELECT c.granted FROM consents c
        WHERE c.person_id = r.person_id AND c.purpose = 'plan' ORDER BY c.id DESC LIMIT 1) END AS may_keep
FROM responses r JOIN identities i ON i.person_id = r.person_id
LEFT JOIN identities b ON b.person_id = r.assisted_by
LEFT JOIN askings a ON a.person_id = r.person_id AND a.session_id = r.session_id
LEFT JOIN rounds d ON d.id = a.round_id
WHERE r.person_id = :person_id AND r.instrument <> :needs ORDER BY r.id;

-- name: behind_a_point
-- The last word on every item that is about something, in each sitting.
SELECT r.person_id, r.version, r.item, r.status, r.value, r.at FROM responses r
WHERE r.instrument = :instrument AND replace(r.item, '.', '') <> r.item
    AND NOT EXISTS (SELECT 1 FROM responses n WHERE n.person_id = r.person_id AND n.instrument = r.instrument
        AND n.version = r.version AND n.item = r.item AND n.session_id = r.session_id AND n.id > r.id);

-- name: of_instrument
-- What a person ever answered to one version of an instrument, in the order given.
SELECT id, session_id, item, status, value, words, at FROM responses
WHERE person_id = :person_id AND instrument = :instrument AND version = :version ORDER BY id;

-- name: of_people
-- The same of several people (ids in JSON), without their words.
SELECT person_id, item, value, at FROM responses
WHERE person_id IN (SELECT value FROM json_each(:people)) AND instrument = :instrument AND version = :version
ORDER BY person_id, id;
