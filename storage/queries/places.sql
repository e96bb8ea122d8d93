-- name: take!
-- The next place, for somebody who has none.
INSERT INTO places (purpose, number, person_id)
SELECT :purpose, (SELECT coalesce(max(p.number), 0) + 1 FROM places p WHERE p.purpose = :purpose), :person_id
WHERE NOT EXISTS (SELECT 1 FROM places p WHERE p.purpose = :purpose AND p.person_id = :person_id);

-- name: agreed
-- Everybody who ever agreed to that, in the order in which they first did, and whether they do now. Nobody where
-- somebody was erased.
SELECT p.person_id, (SELECT c.granted FROM consents c WHERE c.person_id = p.person_id AND c.purpose = p.purpose
    ORDER BY c.id DESC LIMIT 1) AS agrees
FROM places p WHERE p.purpose = :purpose ORDER BY p.number;

-- name: ripe
-- Everybody who was ever sent money, in the order in which they first were, and whether that was noted before `until`,
-- also where it was noted as not sent afterwards.
SELECT p.person_id, EXISTS (SELECT 1 FROM transfers t JOIN transfer_steps s ON s.transfer_id = t.id
    WHERE t.person_id = p.person_id AND s.step = 'sent' AND s.at < :until) AS ripe
FROM places p WHERE p.purpose = 'transfer' ORDER BY p.number;
