-- name: insert!
INSERT INTO sittings (session_id, person_id, instrument, version, start, at)
VALUES (:session_id, :person_id, :instrument, :version, :start, :at);

-- name: count^
SELECT count(*) FROM sittings WHERE instrument = :instrument;

-- name: answered
-- Every sitting of an instrument with each item that something came back for in it (or one row without an item), sitting
-- by sitting.
SELECT s.session_id, s.instrument, s.version, s.start, s.at, i.code, r.item FROM sittings s
JOIN identities i ON i.person_id = s.person_id
LEFT JOIN responses r ON r.session_id = s.session_id AND r.instrument = s.instrument AND r.version = s.version
WHERE s.instrument = :instrument ORDER BY s.at, s.session_id;
