-- name: insert!
INSERT INTO identities (person_id, chat_hash, code, key) VALUES (:person_id, :chat_hash, :code, :key);

-- name: recode!
UPDATE identities SET code = :code WHERE person_id = :person_id;

-- name: taken^
SELECT 1 AS taken FROM identities WHERE code = :code;

-- name: forget_strangers!
DELETE FROM identities WHERE person_id IN (SELECT id FROM people WHERE role = 'stranger' AND expires_at < :now);

-- name: erase!
DELETE FROM identities WHERE person_id = :person_id;
