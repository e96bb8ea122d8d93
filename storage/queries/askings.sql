-- name: insert!
INSERT INTO askings (id, round_id, person_id, state, reason, due_at)
VALUES (:id, :round_id, :person_id, :state, :reason, :due_at)
ON CONFLICT (round_id, person_id) DO NOTHING;

-- name: plan!
-- Once for each transfer; again only where it was left out because it had not been sent.
INSERT INTO askings (id, transfer_id, person_id, state, reason, due_at)
VALUES (:id, :transfer_id, :person_id, 'waiting', '', :due_at)
ON CONFLICT (person_id, transfer_id) DO UPDATE SET state = 'waiting', reason = '', due_at = excluded.due_at,
    ended_at = NULL WHERE askings.state = 'unsent' AND askings.reason = :undone;

-- name: facts
-- What the budget must know of these people: ids in JSON, either a list, or by the asking that does not count against
-- itself. What is queued has been asked `now`. Whoever is at a menu, or has closed the chat, is in the middle of
-- nothing.
SELECT CAST(json_each.key AS INTEGER) AS asking_id,
    p.id AS person_id, p.role, p.adult, p.language, p.hours, p.days, p.first, p.less, p.blocked_at, p.left_at,
    p.quiet_until, p.erase_at,
    (SELECT count(*) FROM (SELECT c.purpose FROM consents c WHERE c.person_id = p.id
        AND c.purpose IN ('plan', 'checkins') AND c.granted = 1
        AND c.id = (SELECT max(n.id) FROM consents n WHERE n.person_id = c.person_id AND n.purpose = c.purpose)))
        AS consents,
    (SELECT max(CASE o.state WHEN 'queued' THEN :now ELSE coalesce(o.sent_at, o.opened_at) END) FROM askings o
        WHERE o.person_id = p.id AND o.id <> CAST(json_each.key AS INTEGER)) AS asked_at,
    (SELECT max(CASE o.state WHEN 'queued' THEN :now ELSE coalesce(o.sent_at, o.opened_at) END) FROM askings o
        JOIN rounds q ON q.id = o.round_id JOIN plans m ON m.id = q.plan_id
        WHERE o.person_id = p.id AND o.id <> CAST(json_each.key AS INTEGER) AND m.instrument = 'checkin') AS checkin_at,
    (SELECT max(o.reminded_at) FROM askings o WHERE o.person_id = p.id AND o.id <> CAST(json_each.key AS INTEGER))
        AS reminded_at,
    (SELECT max(s.at) FROM sittings s WHERE s.person_id = p.id AND s.instrument = 'checkin') AS sat_at,
    EXISTS (SELECT 1 FROM alerts t WHERE t.client_id = p.id AND t.level = 'today'
        AND t.kind <> 'money' -- why somebody was not asked is told to people who must not learn of that
        AND t.state IN ('open', 'seen', 'claimed', 'unanswered')) AS urgent,
    (SELECT max(l.at) FROM talks t JOIN lines l ON l.talk_id = t.id LEFT JOIN alerts g ON g.id = t.alert_id
        WHERE t.client_id = p.id AND t.closed_at IS NULL AND coalesce(g.kind, '') <> 'money') AS talked_at,
    (SELECT max(s.touched_at) FROM sessions s WHERE s.person_id = p.id AND s.state = 'live'
        AND s.script NOT IN ('closed', 'menu', 'more')) AS busy_at
FROM json_each(:people) CROSS JOIN people p WHERE p.id = json_each.value;

-- name: due
-- Whom a round has to ask, or to remind, now.
SELECT a.id, a.person_id, a.state, a.sent_at FROM askings a
WHERE a.round_id = :round_id AND a.due_at <= :now AND a.state <> 'queued' AND a.reminded_at IS NULL
    AND a.state IN ('waiting', 'queued', 'sent') AND a.ended_at IS NULL  -- as the index `askings_pending` has it
ORDER BY a.due_at, a.id LIMIT :most;

-- name: due_after_transfers
-- Whom to ask after a transfer that was sent after `since`, or to remind, now. `overtaken`: a newer one is due too.
SELECT a.id, a.person_id, a.state, a.sent_at, t.sent_at AS transferred_at,
    a.state = 'waiting' AND EXISTS (SELECT 1 FROM askings n JOIN transfers s ON s.id = n.transfer_id
        WHERE n.person_id = a.person_id AND n.state = 'waiting' AND n.due_at <= :now
        AND s.sent_at > :since
        AND (s.sent_on, s.id) > (t.sent_on, t.id)) AS overtaken
FROM askings a CROSS JOIN transfers t
WHERE a.round_id IS NULL AND a.due_at <= :now AND a.state <> 'queued' AND a.reminded_at IS NULL
    AND a.state IN ('waiting', 'queued', 'sent') AND a.ended_at IS NULL
    AND t.id = a.transfer_id AND t.sent_at > :since
ORDER BY a.due_at, a.id LIMIT :most;

-- name: over_after_transfers
-- What nobody has opened or was ever asked after a transfer that was sent too long ago (by `since`), or was not.
SELECT a.id, t.sent_at FROM askings a CROSS JOIN transfers t
WHERE a.round_id IS NULL AND a.due_at <= :now AND a.state IN ('waiting', 'queued', 'sent') AND a.ended_at IS NULL
    AND t.id = a.transfer_id AND (t.sent_at IS NULL OR t.sent_at <= :since)
ORDER BY a.due_at, a.id LIMIT :most;

-- name: wait!
-- It was not sent: an asking waits again, and a reminder may go later.
UPDATE askings SET state = CASE state WHEN 'sent' THEN state ELSE 'waiting' END, reason = :reason, reminded_at = NULL,
    due_at = :due_at
WHERE id = :id AND state IN ('waiting', 'queued', 'sent');

-- name: wait_again!
-- The same for a line that did not leave, unless another one of the same asking is on its way by now.
UPDATE askings SET state = CASE state WHEN 'sent' THEN state ELSE 'waiting' END, reason = '', reminded_at = NULL,
    due_at = :due_at
WHERE id = :id AND state IN ('waiting', 'queued', 'sent') AND NOT EXISTS (SELECT 1 FROM outbox o
    WHERE o.person_id = askings.person_id AND o.asking_id = askings.id
    AND o.state IN ('queued', 'leased', 'uncertain'));

-- name: put_off!
-- A reminder that has to wait.
UPDATE askings SET due_at = :due_at WHERE id = :id AND state = 'sent';

-- name: queue!
-- `due_at` is when a reminder is due.
UPDATE askings SET state = 'queued', reason = '', due_at = :due_at WHERE id = :id AND state = 'waiting';

-- name: remind!
UPDATE askings SET reminded_at = :now, due_at = :due_at WHERE id = :id AND state = 'sent' AND reminded_at IS NULL;

-- name: leave_out!
UPDATE askings SET state = 'unsent', reason = :reason WHERE id = :id AND state IN ('waiting', 'queued');

-- name: sent!
-- Telegram has taken the line, if only a moment before it was held back; the second one is the reminder. What was opened
-- meanwhile stays opened. `due_at` has been that of the reminder since it was queued.
UPDATE askings SET sent_at = coalesce(sent_at, :now),
    reminded_at = CASE WHEN sent_at IS NULL THEN reminded_at ELSE :now END,
    state = CASE WHEN state IN ('queued', 'waiting') THEN 'sent' ELSE state END,
    reason = CASE WHEN state IN ('queued', 'waiting') THEN '' ELSE reason END
WHERE id = :id;

-- name: blocked!
UPDATE askings SET state = 'blocked', reason = 'blocked' WHERE id = :id AND state IN ('waiting', 'queued', 'sent');

-- name: block_person!
-- Somebody blocks the bot: whatever they were asked and have not opened.
UPDATE askings SET state = 'blocked', reason = 'blocked'
WHERE person_id = :person_id AND state IN ('waiting', 'queued', 'sent') AND ended_at IS NULL;

-- name: on_way_of_plan
-- What was handed over and has not left, as far as is known.
SELECT a.id, a.person_id FROM outbox o JOIN askings a ON a.id = o.asking_id JOIN rounds r ON r.id = a.round_id
WHERE o.state IN ('queued', 'leased', 'uncertain') AND r.plan_id = :plan_id AND r.state = 'running';

-- name: on_way_of_person
SELECT a.id, a.person_id FROM outbox o JOIN askings a ON a.id = o.asking_id
WHERE o.state IN ('queued', 'leased', 'uncertain') AND o.person_id = :person_id;

-- name: doubt!
-- What was on its way when the process ended may have arrived: it goes again, and is counted.
UPDATE askings SET doubts = doubts + 1
WHERE id IN (SELECT o.asking_id FROM outbox o WHERE o.state = 'leased' AND o.asking_id IS NOT NULL);

-- name: doubt_one!
UPDATE askings SET doubts = doubts + 1 WHERE id = :id;

-- name: one^
-- `is_open`: its round runs; or its transfer was sent after `since`.
SELECT a.*, r.last, coalesce(l.instrument, 'transfer') AS instrument, l.version,
    CASE WHEN a.round_id IS NOT NULL THEN r.state = 'running'
        ELSE t.sent_at > :since END AS is_open
FROM askings a LEFT JOIN rounds r ON r.id = a.round_id LEFT JOIN plans l ON l.id = r.plan_id
LEFT JOIN transfers t ON t.id = a.transfer_id WHERE a.id = :id;

-- name: offered
-- What is asked of a person now: what they were written to about, or have opened, then the newest; also of somebody who
-- is not to be written to first, after a transfer where it was sent by `until` and came. What waits is not offered: it
-- would be only where it came, and having opened it shows in what else they are asked.
SELECT a.id, a.state, a.transfer_id, coalesce(l.instrument, 'transfer') AS instrument
FROM askings a LEFT JOIN rounds r ON r.id = a.round_id LEFT JOIN plans l ON l.id = r.plan_id
LEFT JOIN transfers t ON t.id = a.transfer_id
WHERE a.person_id = :person_id
    AND (a.state IN ('sent', 'opened') OR (a.state = 'unsent' AND a.reason = 'first'))
    AND CASE WHEN a.round_id IS NOT NULL THEN r.state = 'running' AND l.state = 'active'
        ELSE t.sent_at > :since
            AND (a.state IN ('sent', 'opened') OR t.state IN ('received', 'part') AND t.sent_at <= :until) END
ORDER BY a.state IN ('sent', 'opened') DESC, a.id DESC;

-- name: open!
-- Also what the store has not heard of yet that it was sent, and by somebody who had blocked the bot and came back.
UPDATE askings SET state = 'opened', reason = '', opened_at = coalesce(opened_at, :now)
WHERE id = :id AND person_id = :person_id
    AND (state IN ('waiting', 'queued', 'sent', 'opened', 'blocked') OR (state = 'unsent' AND reason = 'first'));

-- name: sit!
UPDATE askings SET session_id = :session_id WHERE id = :id AND person_id = :person_id;

-- name: finish!
UPDATE askings SET state = :state, ended_at = :now
WHERE id = :id AND person_id = :person_id AND state IN ('queued', 'sent', 'opened');

-- name: withdraw!
-- A client does not want to be asked (any more).
UPDATE askings SET state = 'unsent', reason = :reason WHERE person_id = :person_id AND state IN ('waiting', 'queued');

-- name: to_close
-- Who has not opened it or was never asked, in a round that is over.
SELECT a.id FROM askings a
WHERE a.round_id = :round_id AND a.state IN ('waiting', 'queued', 'sent') AND a.ended_at IS NULL
ORDER BY a.due_at, a.id LIMIT :most;

-- name: standing
-- Of these askings those whose line is there or on its way, and no other one has taken its place.
SELECT a.person_id FROM askings a
WHERE a.id IN (SELECT value FROM json_each(:ids)) AND a.state IN ('queued', 'sent') AND a.ended_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM askings n WHERE n.person_id = a.person_id AND n.id <> a.id
        AND (n.state = 'queued' OR n.state = 'sent' AND n.sent_at > coalesce(a.sent_at, n.sent_at)));

-- name: close!
UPDATE askings SET ended_at = :now, state = CASE state WHEN 'sent' THEN state ELSE 'unsent' END,
    reason = CASE WHEN state = 'sent' THEN '' WHEN reason <> '' AND :reason = 'late' THEN reason ELSE :reason END
WHERE id = :id AND state IN ('waiting', 'queued', 'sent');

-- name: counts
-- How many clients are where; `begun` tells those who answered something from those who only opened.
SELECT a.state, a.reason, count(*) AS clients, sum(a.doubts) AS doubts,
    sum(a.state = 'opened' AND EXISTS (SELECT 1 FROM responses s WHERE s.session_id = a.session_id
        AND s.person_id = a.person_id AND s.status = 'answered')) AS begun
FROM askings a WHERE a.round_id = :round_id GROUP BY a.state, a.reason;

-- name: with_codes
-- Everybody who was, or was not, asked in a round, for the export. Streams.
SELECT i.code, (SELECT count(*) FROM plans p WHERE p.id <= l.id) || '.' || r.number AS round, l.instrument, l.version,
    a.state, a.reason, a.sent_at, a.opened_at, a.ended_at, a.doubts
FROM askings a JOIN identities i ON i.person_id = a.person_id JOIN rounds r ON r.id = a.round_id
JOIN plans l ON l.id = r.plan_id ORDER BY a.id;

-- name: of_person
-- Every time that this client was asked something, or was to be and was not, the newest first.
SELECT coalesce(a.sent_at, a.opened_at, r.starts_at, a.due_at) AS asked_at, a.state,
    coalesce(l.instrument, 'transfer') AS instrument, l.version
FROM askings a LEFT JOIN rounds r ON r.id = a.round_id LEFT JOIN plans l ON l.id = r.plan_id
WHERE a.person_id = :person_id ORDER BY a.id DESC;

-- name: of_transfer^
SELECT id FROM askings WHERE person_id = :person_id AND transfer_id = :transfer_id;

-- name: give_up!
-- Who was not asked yet when a copy was made, or only just: the copy cannot know whether they were since. Nor does it
-- remind anybody.
UPDATE askings SET state = CASE state WHEN 'sent' THEN state ELSE 'unsent' END,
    reason = CASE state WHEN 'sent' THEN reason ELSE 'restored' END, reminded_at = coalesce(reminded_at, sent_at)
WHERE state IN ('waiting', 'queued', 'sent');
