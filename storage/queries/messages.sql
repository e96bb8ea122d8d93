-- name: note!
-- Someone forgotten while a message was on its way has no chat with us any more.
INSERT INTO messages (person_id, message_id, ours, at) SELECT id, :message_id, :ours, :at FROM people
WHERE id = :person_id
ON CONFLICT DO NOTHING;

-- name: forget!
DELETE FROM messages WHERE person_id = :person_id AND message_id = :message_id;

-- name: of_person
SELECT message_id, ours, at FROM messages WHERE person_id = :person_id ORDER BY message_id;

-- name: to_tidy
-- Clients whose chat has been at rest for a while and still holds more than the way back.
SELECT DISTINCT m.person_id FROM messages m JOIN people p ON p.id = m.person_id
WHERE m.at < :before AND p.role = 'client' AND p.tidy = 1 AND p.blocked_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.person_id = p.id AND s.state = 'live' AND s.touched_at >= :before)
    AND NOT EXISTS (SELECT 1 FROM slots l JOIN sessions s ON s.person_id = l.person_id
        WHERE l.id = CAST(m.person_id AS TEXT) || '.living' AND l.message_id = m.message_id
        AND s.state = 'live' AND s.script = 'closed')
ORDER BY m.person_id LIMIT 50;
