-- name: insert!
INSERT INTO sittings (session_id, person_id, instrument, version, start, at)
VALUES (:session_id, :person_id, :instrument, :version, :start, :at);

-- name: count^
SELECT count(*) FROM sittings WHERE instrument = :instrument;
