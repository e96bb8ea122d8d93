-- name: insert!
INSERT INTO askings (id, round_id, person_id, state, reason, due_at)
VALUES (:id, :round_id, :person_id, :state, :reason, :due_at)
ON CONFLICT (round_id, person_id) DO NOTHING;

-- name: candidates
-- What the budget must know of clients: those of an audience among the next `most` people from after `after` on, so
-- that a small audience takes as many small pieces as a large one. What is queued has been asked `now`. The columns are
-- those of `due`. Whoever is at a menu, or has closed the chat, is in the middle of nothing.
SELECT p.id AS person_id, p.role, p.adult, p.language, p.hours, p.days, p.first, p.less, p.blocked_at, p.left_at,
    p.quiet_until, p.erase_at, 0 AS asked,
    (SELECT count(*) FROM (SELECT c.purpose FROM consents c WHERE c.person_id = p.id
        AND c.purpose IN ('plan', 'checkins') AND c.granted = 1
        AND c.id = (SELECT max(n.id) FROM consents n WHERE n.person_id = c.person_id AND n.purpose = c.purpose)))
        AS consents,
    (SELECT max(CASE o.state WHEN 'queued' THEN :now ELSE coalesce(o.sent_at, o.opened_at) END) FROM askings o
        WHERE o.person_id = p.id AND o.round_id <> :round_id) AS asked_at,
    (SELECT max(CASE o.state WHEN 'queued' THEN :now ELSE coalesce(o.sent_at, o.opened_at) END) FROM askings o
        JOIN rounds q ON q.id = o.round_id JOIN plans m ON m.id = q.plan_id
        WHERE o.person_id = p.id AND o.round_id <> :round_id AND m.instrument = 'checkin') AS checkin_at,
    (SELECT max(o.reminded_at) FROM askings o WHERE o.person_id = p.id AND o.round_id <> :round_id) AS reminded_at,
    (SELECT max(s.at) FROM sittings s WHERE s.person_id = p.id AND s.instrument = 'checkin') AS sat_at,
    EXISTS (SELECT 1 FROM alerts t WHERE t.client_id = p.id AND t.level = 'today'
        AND t.state IN ('open', 'seen', 'claimed', 'unanswered')) AS urgent,
    (SELECT max(l.at) FROM talks t JOIN lines l ON l.talk_id = t.id
        WHERE t.client_id = p.id AND t.closed_at IS NULL) AS talked_at,
    (SELECT max(s.touched_at) FROM sessions s WHERE s.person_id = p.id AND s.state = 'live'
        AND s.script NOT IN ('closed', 'menu', 'more')) AS busy_at
FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT :most) n CROSS JOIN people p
WHERE p.id = n.id AND p.role = 'client'
    AND (:by = 'everyone' OR (:by = 'language' AND p.language = :which) OR (:by = 'place' AND p.place = :which)
        OR (:by = 'stage' AND p.stage = :which) OR (:by = 'caseload' AND p.caseworker_id = CAST(:which AS INTEGER)));

-- name: due
-- Whom a round has to ask, or to remind, now.
SELECT a.id, a.state, a.sent_at,
    p.id AS person_id, p.role, p.adult, p.language, p.hours, p.days, p.first, p.less, p.blocked_at, p.left_at,
    p.quiet_until, p.erase_at, 0 AS asked,
    (SELECT count(*) FROM (SELECT c.purpose FROM consents c WHERE c.person_id = p.id
        AND c.purpose IN ('plan', 'checkins') AND c.granted = 1
        AND c.id = (SELECT max(n.id) FROM consents n WHERE n.person_id = c.person_id AND n.purpose = c.purpose)))
        AS consents,
    (SELECT max(CASE o.state WHEN 'queued' THEN :now ELSE coalesce(o.sent_at, o.opened_at) END) FROM askings o
        WHERE o.person_id = p.id AND o.round_id <> a.round_id) AS asked_at,
    (SELECT max(CASE o.state WHEN 'queued' THEN :now ELSE coalesce(o.sent_at, o.opened_at) END) FROM askings o
        JOIN rounds q ON q.id = o.round_id JOIN plans m ON m.id = q.plan_id
        WHERE o.person_id = p.id AND o.round_id <> a.round_id AND m.instrument = 'checkin') AS checkin_at,
    (SELECT max(o.reminded_at) FROM askings o WHERE o.person_id = p.id AND o.round_id <> a.round_id) AS reminded_at,
    (SELECT max(s.at) FROM sittings s WHERE s.person_id = p.id AND s.instrument = 'checkin') AS sat_at,
    EXISTS (SELECT 1 FROM alerts t WHERE t.client_id = p.id AND t.level = 'today'
        AND t.state IN ('open', 'seen', 'claimed', 'unanswered')) AS urgent,
    (SELECT max(n.at) FROM talks t JOIN lines n ON n.talk_id = t.id
        WHERE t.client_id = p.id AND t.closed_at IS NULL) AS talked_at,
    (SELECT max(s.touched_at) FROM sessions s WHERE s.person_id = p.id AND s.state = 'live'
        AND s.script NOT IN ('closed', 'menu', 'more')) AS busy_at
FROM askings a JOIN people p ON p.id = a.person_id
WHERE a.round_id = :round_id AND a.due_at <= :now AND a.state <> 'queued' AND a.reminded_at IS NULL
    AND a.state IN ('waiting', 'queued', 'sent') AND a.ended_at IS NULL  -- as the index `askings_pending` has it
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
SELECT a.*, r.state AS round_state, r.last, l.instrument, l.version, l.state AS plan_state
FROM askings a JOIN rounds r ON r.id = a.round_id JOIN plans l ON l.id = r.plan_id WHERE a.id = :id;

-- name: offered
-- What rounds ask of a person now, the newest first; also of somebody who is not to be written to first.
SELECT a.*, l.instrument, l.version FROM askings a JOIN rounds r ON r.id = a.round_id JOIN plans l ON l.id = r.plan_id
WHERE a.person_id = :person_id AND r.state = 'running' AND l.state = 'active'
    AND (a.state IN ('sent', 'opened') OR (a.state = 'unsent' AND a.reason = 'first')) ORDER BY a.id DESC;

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
-- Who has not opened it or was never asked, in a round that is over. `stands`: their line is there or on its way, and
-- no other round has taken its place.
SELECT a.id, a.person_id, a.state <> 'waiting' AND NOT EXISTS (SELECT 1 FROM askings n
        WHERE n.person_id = a.person_id AND n.round_id <> a.round_id
        AND (n.state = 'queued' OR n.state = 'sent' AND n.sent_at > coalesce(a.sent_at, n.sent_at))) AS stands
FROM askings a
WHERE a.round_id = :round_id AND a.state IN ('waiting', 'queued', 'sent') AND a.ended_at IS NULL
ORDER BY a.due_at, a.id LIMIT :most;

-- name: close!
UPDATE askings SET ended_at = :now, state = CASE state WHEN 'sent' THEN state ELSE 'unsent' END,
    reason = CASE WHEN state = 'sent' THEN '' WHEN reason <> '' AND :reason = 'late' THEN reason ELSE :reason END
WHERE id = :id;

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
-- Every time that a round asked this client something, or was to and did not, the newest first.
SELECT coalesce(a.sent_at, a.opened_at, r.starts_at) AS asked_at, a.state, l.instrument, l.version
FROM askings a JOIN rounds r ON r.id = a.round_id JOIN plans l ON l.id = r.plan_id
WHERE a.person_id = :person_id ORDER BY a.id DESC;

-- name: give_up!
-- Who was not asked yet when a copy was made, or only just: the copy cannot know whether they were since. Nor does it
-- remind anybody.
UPDATE askings SET state = CASE state WHEN 'sent' THEN state ELSE 'unsent' END,
    reason = CASE state WHEN 'sent' THEN reason ELSE 'restored' END, reminded_at = coalesce(reminded_at, sent_at)
WHERE state IN ('waiting', 'queued', 'sent');
