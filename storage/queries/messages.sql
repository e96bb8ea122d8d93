-- name: note!
-- Someone forgotten while a message was on its way has no chat with us any more.
INSERT INTO messages (person_id, message_id, ours, at) SELECT id, :message_id, :ours, :at FROM people
WHERE id = :person_id
ON CONFLICT DO NOTHING;

-- name: forget!
DELETE FROM messages WHERE person_id = :person_id AND message_id = :message_id;

-- name: of_person
SELECT message_id, ours, at FROM messages WHERE person_id = :person_id ORDER BY message_id;

-- name: at_rest
-- Whose chat nobody has touched since, and still holds more than the way back and a line that announces something; among
-- the next `most` people from after `after` on.
SELECT DISTINCT m.person_id FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :most) n
    CROSS JOIN people p CROSS JOIN messages m
WHERE p.id = n.id AND m.person_id = p.id AND m.at < :before AND (m.ours = 1 OR m.at > :oldest)
    AND p.role IN ('client', 'stranger') AND p.tidy = 1 AND p.blocked_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.person_id = p.id AND s.state = 'live' AND s.touched_at >= :before)
    AND NOT EXISTS (SELECT 1 FROM slots l
        WHERE l.person_id = p.id AND l.message_id = m.message_id AND l.id IN (CAST(m.person_id AS TEXT) || '.push', CAST(m.person_id AS TEXT) || '.ask'))
    AND NOT EXISTS (SELECT 1 FROM slots l JOIN sessions s ON s.person_id = l.person_id
        WHERE l.person_id = p.id AND l.message_id = m.message_id AND l.id = CAST(m.person_id AS TEXT) || '.living'
        AND s.state = 'live' AND s.script = 'closed')
ORDER BY m.person_id LIMIT 50;

-- name: soon_too_old
SELECT DISTINCT m.person_id FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :most) n
    CROSS JOIN people p CROSS JOIN messages m
WHERE p.id = n.id AND m.person_id = p.id AND m.at < :before AND m.at > :oldest AND p.role IN ('client', 'stranger') AND p.tidy = 1 AND p.blocked_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM slots l WHERE l.person_id = p.id AND l.message_id = m.message_id
        AND l.id IN (CAST(m.person_id AS TEXT) || '.living', CAST(m.person_id AS TEXT) || '.push',
            CAST(m.person_id AS TEXT) || '.ask'))
ORDER BY m.person_id LIMIT 50;
