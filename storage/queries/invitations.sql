-- name: insert!
INSERT INTO invitations (id, code_hash, role, caseworker_id, place, created_at, expires_at)
VALUES (:id, :code_hash, :role, :caseworker_id, :place, :created_at, :expires_at);

-- name: redeem!
UPDATE invitations SET used_at = :now, used_by = :person_id
WHERE code_hash = :code_hash AND used_at IS NULL AND expires_at > :now;

-- name: find^
SELECT * FROM invitations WHERE code_hash = :code_hash;

-- name: erase!
-- That it was used stays, so that it does not work again; not by whom.
UPDATE invitations SET used_by = NULL, place = NULL WHERE used_by = :person_id;
