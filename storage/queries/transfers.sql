-- name: insert!
INSERT INTO transfers (id, person_id, series_id, number, total, amount, currency, first_amount, first_currency, country,
    planned_for, state, shown, seen_at, planned_by, created_at, changed_at)
VALUES (:id, :person_id, :series_id, :number, :total, :amount, :currency, :amount, :currency, :country,
    :planned_for, 'planned', 'planned', :seen_at, :planned_by, :at, :at);

-- name: one^
SELECT t.*, i.code, p.caseworker_id FROM transfers t
LEFT JOIN people p ON p.id = t.person_id LEFT JOIN identities i ON i.person_id = t.person_id WHERE t.id = :id;

-- name: of_person
-- In the order they are for.
SELECT t.*, i.code, p.caseworker_id FROM transfers t JOIN people p ON p.id = t.person_id
JOIN identities i ON i.person_id = t.person_id WHERE t.person_id = :person_id ORDER BY t.planned_for, t.id;

-- name: open_to
-- What staff have to do with: of a caseworker's clients, or (null) of everybody; what was sent stays for a while.
SELECT t.*, i.code, p.caseworker_id FROM transfers t JOIN people p ON p.id = t.person_id
JOIN identities i ON i.person_id = t.person_id
WHERE (t.state = 'planned' OR t.state IN ('sent', 'received', 'part', 'notyet') AND t.sent_at > :since)
    AND (:caseworker_id IS NULL OR p.caseworker_id = :caseworker_id)
ORDER BY t.planned_for, t.id;

-- name: late^
SELECT count(*) AS late FROM transfers WHERE state = 'planned' AND planned_for < :today;

-- name: send!
UPDATE transfers SET state = 'sent', shown = 'sent', sent_on = :sent_on, sent_at = :at, marked_by = :marked_by,
    handed_by = :handed_by, handed_how = :handed_how, changed_at = :at
WHERE id = :id AND state = 'planned';

-- name: unsend!
-- A slip: it was not sent. Only as long as staff do not know that it has come; what else its client has said of it must
-- not show by this being refused.
UPDATE transfers SET state = 'planned', shown = 'planned', sent_on = NULL, sent_at = NULL, marked_by = NULL,
    handed_by = NULL, handed_how = NULL, answered_at = NULL, changed_at = :at
WHERE id = :id AND shown = 'sent';

-- name: put_off!
UPDATE transfers SET planned_for = :planned_for, delay = :delay, changed_at = :at WHERE id = :id AND state = 'planned';

-- name: reprice!
UPDATE transfers SET amount = :amount, currency = :currency, country = NULL, changed_at = :at
WHERE id = :id AND state = 'planned';

-- name: cancel!
UPDATE transfers SET state = 'cancelled', shown = 'cancelled', changed_at = :at WHERE id = :id AND state = 'planned';

-- name: answer!
-- What its client says: also another thing than before. Staff who have read that it came do not read it taken back.
-- `answered_at` of what came, in full or in part, is when that was first said.
UPDATE transfers SET state = :state, shown = CASE :state WHEN 'received' THEN 'received' ELSE shown END,
    answered_at = CASE WHEN state IN ('received', 'part') AND :state IN ('received', 'part') THEN answered_at
        ELSE :at END,
    changed_at = :at, seen_at = :at
WHERE id = :id AND person_id = :person_id AND state IN ('sent', 'received', 'part', 'notyet');

-- name: look_at!
-- Its client has looked at it as it is now.
UPDATE transfers SET seen_at = :at WHERE id = :id AND person_id = :person_id;

-- name: forget!
-- Whose client is gone: what was never sent goes, with every step that was taken.
DELETE FROM transfers WHERE person_id IS NULL AND state IN ('planned', 'cancelled');

-- name: bare!
-- The rest is what the books need, of nobody and by nobody, and none of them tied to another.
UPDATE transfers SET state = shown, series_id = id, delay = NULL, sent_at = NULL, answered_at = NULL, seen_at = NULL,
    planned_by = NULL, marked_by = NULL, handed_by = NULL, created_at = 0,
    changed_at = 0
WHERE person_id IS NULL AND created_at <> 0;

-- name: with_codes
-- Every transfer as staff may know it, series by series, for the export. Streams.
SELECT t.series_id, t.number, t.total, t.amount, t.currency, t.first_amount, t.first_currency, t.planned_for, t.sent_on, t.handed_how, t.shown,
    i.code, b.code AS planned_by_code, m.code AS marked_by_code, h.code AS handed_by_code,
    CASE WHEN t.shown = 'received' THEN (SELECT min(s.at) FROM transfer_steps s
        WHERE s.transfer_id = t.id AND s.step = 'received') END AS confirmed_at
FROM transfers t LEFT JOIN identities i ON i.person_id = t.person_id
LEFT JOIN identities b ON b.person_id = t.planned_by LEFT JOIN identities m ON m.person_id = t.marked_by
LEFT JOIN identities h ON h.person_id = t.handed_by ORDER BY t.series_id, t.id;

-- name: proof
-- What was sent, for a donor: by whom it is only as a number that ties it together, in an order that tells nothing.
SELECT coalesce(t.person_id, t.series_id) AS whose, t.amount, t.currency, substr(t.sent_on, 1, 7) AS month,
    t.handed_how, t.shown = 'received' AS confirmed
FROM transfers t WHERE t.sent_on IS NOT NULL
ORDER BY month, t.currency, t.amount, t.handed_how, confirmed, random();

-- name: proved
-- Whose they are.
SELECT DISTINCT coalesce(person_id, series_id) AS whose FROM transfers WHERE sent_on IS NOT NULL;

-- name: counted
-- How transfers went, as staff may know it.
SELECT sum(shown = 'planned' AND planned_for >= :today) AS planned,
    sum(shown = 'planned' AND planned_for < :today) AS late, sum(sent_on IS NOT NULL) AS sent, sum(sent_on <= planned_for) AS on_time, sum(shown = 'received') AS confirmed
FROM transfers;

-- name: planned_ever^
SELECT count(*) FROM transfers;
