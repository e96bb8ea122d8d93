-- name: insert!
INSERT INTO askings (id, round_id, person_id, state, reason, due_at)
VALUES (:id, :round_id, :person_id, :state, :reason, :due_at)
ON CONFLICT (round_id, person_id) DO NOTHING;

-- name: candidates
-- What the budget must know of clients: those of an audience, in order of their ids, from after `reached` on. `now`
-- leaves out what is no longer so. The columns are those of `due`.
SELECT p.id AS person_id, p.role, p.adult, p.language, p.hours, p.days, p.first, p.less, p.blocked_at, p.left_at,
    p.quiet_until, p.erase_at, 0 AS asked,
    (SELECT count(*) FROM (SELECT c.purpose FROM consents c WHERE c.person_id = p.id
        AND c.purpose IN ('plan', 'checkins') AND c.granted = 1
        AND c.id = (SELECT max(n.id) FROM consents n WHERE n.person_id = c.person_id AND n.purpose = c.purpose)))
        AS consents,
    (SELECT max(coalesce(a.sent_at, a.opened_at)) FROM askings a WHERE a.person_id = p.id AND a.round_id <> :round_id)
        AS asked_at,
    (SELECT max(coalesce(a.sent_at, a.opened_at)) FROM askings a JOIN rounds r ON r.id = a.round_id
        JOIN plans l ON l.id = r.plan_id
        WHERE a.person_id = p.id AND a.round_id <> :round_id AND l.instrument = 'checkin') AS checkin_at,
    EXISTS (SELECT 1 FROM alerts t WHERE t.client_id = p.id AND t.level = 'today'
        AND t.state IN ('open', 'seen', 'claimed', 'unanswered')) AS urgent,
    (SELECT max(l.at) FROM talks t JOIN lines l ON l.talk_id = t.id
        WHERE t.client_id = p.id AND t.closed_at IS NULL) AS talked_at,
    (SELECT max(s.touched_at) FROM sessions s WHERE s.person_id = p.id AND s.state = 'live') AS busy_at
FROM people p
WHERE p.id > :reached AND p.role = 'client'
    AND (:by = 'everyone' OR (:by = 'language' AND p.language = :which) OR (:by = 'place' AND p.place = :which)
        OR (:by = 'stage' AND p.stage = :which) OR (:by = 'caseload' AND p.caseworker_id = CAST(:which AS INTEGER)))
ORDER BY p.id LIMIT :most;

-- name: due
-- Whom to ask, or to remind, now.
SELECT a.id, a.round_id, a.state, a.sent_at, r.closes_at, l.instrument, l.version,
    p.id AS person_id, p.role, p.adult, p.language, p.hours, p.days, p.first, p.less, p.blocked_at, p.left_at,
    p.quiet_until, p.erase_at, 0 AS asked,
    (SELECT count(*) FROM (SELECT c.purpose FROM consents c WHERE c.person_id = p.id
        AND c.purpose IN ('plan', 'checkins') AND c.granted = 1
        AND c.id = (SELECT max(n.id) FROM consents n WHERE n.person_id = c.person_id AND n.purpose = c.purpose)))
        AS consents,
    (SELECT max(coalesce(o.sent_at, o.opened_at)) FROM askings o
        WHERE o.person_id = p.id AND o.round_id <> a.round_id) AS asked_at,
    (SELECT max(coalesce(o.sent_at, o.opened_at)) FROM askings o JOIN rounds q ON q.id = o.round_id
        JOIN plans m ON m.id = q.plan_id
        WHERE o.person_id = p.id AND o.round_id <> a.round_id AND m.instrument = 'checkin') AS checkin_at,
    EXISTS (SELECT 1 FROM alerts t WHERE t.client_id = p.id AND t.level = 'today'
        AND t.state IN ('open', 'seen', 'claimed', 'unanswered')) AS urgent,
    (SELECT max(n.at) FROM talks t JOIN lines n ON n.talk_id = t.id
        WHERE t.client_id = p.id AND t.closed_at IS NULL) AS talked_at,
    (SELECT max(s.touched_at) FROM sessions s WHERE s.person_id = p.id AND s.state = 'live') AS busy_at
FROM askings a JOIN rounds r ON r.id = a.round_id JOIN plans l ON l.id = r.plan_id JOIN people p ON p.id = a.person_id
WHERE a.state IN ('waiting', 'sent') AND a.due_at <= :now AND r.state = 'running' AND l.state = 'active'
ORDER BY a.due_at, a.id LIMIT :most;

-- name: wait!
UPDATE askings SET state = 'waiting', reason = :reason, due_at = :due_at WHERE id = :id AND state IN ('waiting', 'queued');

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
-- Telegram has taken the line. What was opened meanwhile stays opened. `due_at` has been that of the reminder since
-- it was queued.
UPDATE askings SET sent_at = coalesce(sent_at, :now), state = CASE state WHEN 'queued' THEN 'sent' ELSE state END
WHERE id = :id;

-- name: blocked!
UPDATE askings SET state = 'blocked', reason = 'blocked' WHERE id = :id AND state IN ('queued', 'sent');

-- name: doubt!
-- What was on its way when the process ended may have arrived: it goes again, and is counted.
UPDATE askings SET doubts = doubts + 1
WHERE id IN (SELECT o.asking_id FROM outbox o WHERE o.state = 'leased' AND o.asking_id IS NOT NULL);

-- name: one^
SELECT a.*, r.state AS round_state, r.last, l.instrument, l.version, l.state AS plan_state
FROM askings a JOIN rounds r ON r.id = a.round_id JOIN plans l ON l.id = r.plan_id WHERE a.id = :id;

-- name: offered
-- What rounds ask of a person now, the newest first; also of somebody who is not to be written to first.
SELECT a.*, l.instrument, l.version FROM askings a JOIN rounds r ON r.id = a.round_id JOIN plans l ON l.id = r.plan_id
WHERE a.person_id = :person_id AND r.state = 'running' AND l.state = 'active'
    AND (a.state IN ('sent', 'opened') OR (a.state = 'unsent' AND a.reason = 'first')) ORDER BY a.id DESC;

-- name: open!
UPDATE askings SET state = 'opened', reason = '', opened_at = coalesce(opened_at, :now)
WHERE id = :id AND person_id = :person_id AND (state IN ('queued', 'sent') OR (state = 'unsent' AND reason = 'first'));

-- name: sit!
UPDATE askings SET session_id = :session_id WHERE id = :id AND person_id = :person_id;

-- name: finish!
UPDATE askings SET state = :state, ended_at = :now
WHERE id = :id AND person_id = :person_id AND state IN ('queued', 'sent', 'opened');

-- name: withdraw!
-- A client does not want to be asked (any more).
UPDATE askings SET state = 'unsent', reason = :reason WHERE person_id = :person_id AND state IN ('waiting', 'queued');

-- name: to_close
-- Whose line still stands, or who was never asked, in a round that is over.
SELECT * FROM askings WHERE round_id = :round_id AND state IN ('waiting', 'queued', 'sent') AND ended_at IS NULL
ORDER BY id LIMIT :most;

-- name: close!
UPDATE askings SET ended_at = :now, state = CASE WHEN state = 'sent' THEN state ELSE 'unsent' END,
    reason = CASE WHEN state = 'sent' OR reason <> '' THEN reason ELSE 'late' END
WHERE id = :id;

-- name: counts
-- How many clients are where; `begun` tells those who answered something from those who only opened.
SELECT a.state, a.reason, count(*) AS clients, sum(a.doubts) AS doubts,
    sum(a.state = 'opened' AND EXISTS (SELECT 1 FROM responses s WHERE s.session_id = a.session_id
        AND s.person_id = a.person_id AND s.status = 'answered')) AS begun
FROM askings a WHERE a.round_id = :round_id GROUP BY a.state, a.reason;
