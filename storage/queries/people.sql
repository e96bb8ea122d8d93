-- name: save!
INSERT INTO people (id, role, language, adult, caseworker_id, hours, blocked_at, body, created_at, expires_at,
    first, tidy, quiet_until, left_at, erase_at, place, days, less, stage, native)
VALUES (:id, :role, :language, :adult, :caseworker_id, :hours, :blocked_at, :body, :created_at, :expires_at,
    :first, :tidy, :quiet_until, :left_at, :erase_at, :place, :days, :less, :stage, :native)
ON CONFLICT (id) DO UPDATE SET role = excluded.role, language = excluded.language, adult = excluded.adult,
    caseworker_id = excluded.caseworker_id, hours = excluded.hours, blocked_at = excluded.blocked_at,
    body = excluded.body, expires_at = excluded.expires_at, first = excluded.first, tidy = excluded.tidy,
    quiet_until = excluded.quiet_until, left_at = excluded.left_at, erase_at = excluded.erase_at,
    place = excluded.place, days = excluded.days, less = excluded.less, stage = excluded.stage,
    native = excluded.native;

-- name: by_chats
SELECT p.*, i.chat_hash, i.code, i.key FROM identities i JOIN people p ON p.id = i.person_id
WHERE i.chat_hash IN (SELECT value FROM json_each(:hashes));

-- name: by_ids
SELECT p.*, i.chat_hash, i.code, i.key FROM people p JOIN identities i ON i.person_id = p.id
WHERE p.id IN (SELECT value FROM json_each(:ids));

-- name: by_codes
SELECT p.*, i.chat_hash, i.code, i.key FROM identities i JOIN people p ON p.id = i.person_id
WHERE i.code IN (SELECT value FROM json_each(:codes));

-- name: by_role
SELECT p.*, i.chat_hash, i.code, i.key FROM people p JOIN identities i ON i.person_id = p.id
WHERE p.role = :role ORDER BY p.id;

-- name: clients_of
SELECT p.*, i.chat_hash, i.code, i.key FROM people p JOIN identities i ON i.person_id = p.id
WHERE p.role = 'client' AND p.caseworker_id = :caseworker_id AND p.adult = 1
    AND p.left_at IS NULL ORDER BY p.id;

-- name: load_of_caseworkers
SELECT c.id AS caseworker_id, count(p.id) AS clients FROM people c
LEFT JOIN people p ON p.caseworker_id = c.id AND p.role = 'client'
WHERE c.role = 'caseworker' AND c.blocked_at IS NULL GROUP BY c.id ORDER BY clients, c.id;

-- name: forget_strangers!
DELETE FROM people WHERE role = 'stranger' AND expires_at < :now;

-- name: clients_with_staff
SELECT p.id, p.language, p.adult, p.place, i.code, w.code AS caseworker,
    coalesce(v.used_at, p.created_at) AS enrolled_at
FROM people p JOIN identities i ON i.person_id = p.id
LEFT JOIN identities w ON w.person_id = p.caseworker_id
LEFT JOIN (SELECT used_by, min(used_at) AS used_at FROM invitations WHERE used_by IS NOT NULL GROUP BY used_by) v
    ON v.used_by = p.id
WHERE p.role = 'client' ORDER BY p.id;

-- name: places
SELECT DISTINCT place FROM people WHERE place IS NOT NULL;

-- name: erase_due
SELECT id FROM people WHERE erase_at <= :now ORDER BY erase_at LIMIT 20;

-- name: piece^
-- The last of the next `most` people from after `after` on, and how many there are.
SELECT max(n.id) AS last, count(*) AS number FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :most) n;

-- name: of_audience
-- The clients of an audience among the next `most` people from after `after` on, so that a small audience takes as many
-- small pieces as a large one.
SELECT p.id FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :most) n CROSS JOIN people p
WHERE p.id = n.id AND p.role = 'client'
    AND (:by = 'everyone' OR (:by = 'language' AND p.language = :which) OR (:by = 'place' AND p.place = :which)
        OR (:by = 'stage' AND p.stage = :which) OR (:by = 'caseload' AND p.caseworker_id = CAST(:which AS INTEGER)));

-- name: erase!
DELETE FROM people WHERE id = :person_id;

-- name: keyless
SELECT id, role FROM people WHERE id NOT IN (SELECT person_id FROM identities);

-- name: audiences
-- How many adult clients there are in all, and of each kind of group; whoever has left is in none.
SELECT 'everyone' AS kind, '' AS which, count(*) AS clients FROM people
WHERE role = 'client' AND adult = 1 AND left_at IS NULL
UNION ALL SELECT 'language', language, count(*) FROM people
WHERE role = 'client' AND adult = 1 AND left_at IS NULL AND language IS NOT NULL GROUP BY language
UNION ALL SELECT 'place', place, count(*) FROM people
WHERE role = 'client' AND adult = 1 AND left_at IS NULL AND place IS NOT NULL GROUP BY place
UNION ALL SELECT 'stage', stage, count(*) FROM people
WHERE role = 'client' AND adult = 1 AND left_at IS NULL AND stage IS NOT NULL GROUP BY stage
UNION ALL SELECT 'caseload', CAST(caseworker_id AS TEXT), count(*) FROM people
WHERE role = 'client' AND adult = 1 AND left_at IS NULL AND caseworker_id IS NOT NULL GROUP BY caseworker_id;
