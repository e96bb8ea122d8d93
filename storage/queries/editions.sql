-- name: insert!
INSERT INTO editions (id, instrument, version, at, figures) VALUES (:id, :instrument, :version, :at, :figures);

-- name: of_instrument
SELECT * FROM editions WHERE instrument = :instrument AND version = :version ORDER BY id;

-- name: prune!
-- Of another version nothing is told again, and nothing is compared with it.
DELETE FROM editions WHERE instrument = :instrument AND version <> :version;
