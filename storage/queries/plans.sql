-- name: insert!
INSERT INTO plans (id, lead_id, instrument, version, audience, anchor, zone, repeat, times, window_hours, last, state,
    stamp, created_at, changed_at, changed_by)
VALUES (:id, :lead_id, :instrument, :version, :audience, :anchor, :zone, :repeat, :times, :window_hours, :last, 'active',
    :stamp, :at, :at, :lead_id);

-- name: one^
SELECT * FROM plans WHERE id = :id;

-- name: all
SELECT * FROM plans ORDER BY state NOT IN ('active', 'paused'), id DESC LIMIT :most;

-- name: steer!
-- Whoever read another stamp than the newest was too late.
UPDATE plans SET state = :state, stamp = stamp + 1, changed_at = :at, changed_by = :lead_id
WHERE id = :id AND stamp = :stamp AND state IN ('active', 'paused');

-- name: end!
UPDATE plans SET state = 'ended', stamp = stamp + 1 WHERE id = :id AND state IN ('active', 'paused');
