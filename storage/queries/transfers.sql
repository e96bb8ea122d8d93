-- name: insert!
INSERT INTO transfers (id, person_id, series_id, number, total, amount, currency, country, planned_for, state,
    planned_by, created_at, changed_at)
VALUES (:id, :person_id, :series_id, :number, :total, :amount, :currency, :country, :planned_for, 'planned',
    :planned_by, :at, :at);

-- name: one^
SELECT * FROM transfers WHERE id = :id;

-- name: of_person
-- In the order they are for.
SELECT * FROM transfers WHERE person_id = :person_id ORDER BY planned_for, id;

-- name: open_to
-- What staff have to do with: of a caseworker's clients, or (null) of everybody; the earliest first.
SELECT t.* FROM transfers t JOIN people p ON p.id = t.person_id
WHERE t.state IN ('planned', 'sent', 'received', 'part', 'notyet')
    AND (:caseworker_id IS NULL OR p.caseworker_id = :caseworker_id)
ORDER BY t.planned_for, t.id;

-- name: send!
UPDATE transfers SET state = 'sent', sent_on = :sent_on, sent_at = :at, marked_by = :marked_by,
    handed_by = :handed_by, handed_how = :handed_how, changed_at = :at
WHERE id = :id AND state = 'planned';

-- name: unsend!
-- A slip: it was not sent. Only as long as its client has said nothing of it.
UPDATE transfers SET state = 'planned', sent_on = NULL, sent_at = NULL, marked_by = NULL, handed_by = NULL,
    handed_how = NULL, changed_at = :at
WHERE id = :id AND state = 'sent';

-- name: put_off!
UPDATE transfers SET planned_for = :planned_for, delay = :delay, changed_at = :at WHERE id = :id AND state = 'planned';

-- name: reprice!
UPDATE transfers SET amount = :amount, currency = :currency, country = NULL, changed_at = :at
WHERE id = :id AND state = 'planned';

-- name: cancel!
UPDATE transfers SET state = 'cancelled', changed_at = :at WHERE id = :id AND state = 'planned';

-- name: answer!
-- What its client says: also another thing than before.
UPDATE transfers SET state = :state, answered_at = :at, changed_at = :at
WHERE id = :id AND person_id = :person_id AND state IN ('sent', 'received', 'part', 'notyet');
