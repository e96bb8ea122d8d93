-- name: insert!
INSERT INTO plans (id, lead_id, instrument, version, audience, anchor, zone, repeat, times, window_hours, last, state,
    stamp, created_at, changed_at, changed_by)
VALUES (:id, :lead_id, :instrument, :version, :audience, :anchor, :zone, :repeat, :times, :window_hours, :last, 'active',
    :stamp, :at, :at, :lead_id);

-- name: one^
SELECT * FROM plans WHERE id = :id;

-- name: all
-- `number` counts them from the first one ever, which people can type.
SELECT * FROM (SELECT p.*, row_number() OVER (ORDER BY p.id) AS number FROM plans p) n
ORDER BY n.state NOT IN ('active', 'paused'), n.id DESC LIMIT :most;

-- name: numbered^
SELECT p.*, (SELECT count(*) FROM plans o WHERE o.id <= p.id) AS number FROM plans p WHERE p.id = :id;

-- name: by_number^
SELECT n.id FROM (SELECT p.id, row_number() OVER (ORDER BY p.id) AS number FROM plans p) n WHERE n.number = :number;

-- name: steer!
-- Whoever read another stamp than the newest was too late.
UPDATE plans SET state = :state, stamp = stamp + 1, changed_at = :at, changed_by = :lead_id
WHERE id = :id AND stamp = :stamp AND state IN ('active', 'paused');

-- name: end!
UPDATE plans SET state = 'ended', stamp = stamp + 1 WHERE id = :id AND state IN ('active', 'paused');
