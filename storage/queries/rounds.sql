-- name: insert!
INSERT INTO rounds (id, plan_id, number, last, starts_at, closes_at, state, reached)
VALUES (:id, :plan_id, :number, :last, :starts_at, :closes_at, 'planned', 0)
ON CONFLICT (plan_id, number) DO NOTHING;

-- name: one^
SELECT * FROM rounds WHERE id = :id;

-- name: plan_of^
SELECT plan_id FROM rounds WHERE id = :id;

-- name: of_plan
SELECT * FROM rounds WHERE plan_id = :plan_id ORDER BY number;

-- name: due
-- Planned ones whose time has come, of plans that go on.
SELECT r.*, p.state AS plan_state FROM rounds r JOIN plans p ON p.id = r.plan_id
WHERE r.state = 'planned' AND r.starts_at <= :now AND p.state IN ('active', 'paused') ORDER BY r.starts_at, r.id;

-- name: asking
-- Running ones that may ask somebody now, and those that are over and are being tidied away.
SELECT r.*, p.audience, p.instrument, p.version, p.state AS plan_state FROM rounds r JOIN plans p ON p.id = r.plan_id
WHERE (r.state = 'running' AND r.closes_at > :now AND p.state = 'active') OR r.state = 'closing'
ORDER BY r.starts_at, r.id;

-- name: reach!
-- How far the gathering has come: an id of a person; -1 when it is done.
UPDATE rounds SET reached = :reached WHERE id = :id;

-- name: running
SELECT r.* FROM rounds r WHERE r.state = 'running' ORDER BY r.id;

-- name: over
SELECT r.* FROM rounds r WHERE r.state = 'running' AND r.closes_at <= :now ORDER BY r.closes_at, r.id;

-- name: closing
SELECT r.* FROM rounds r WHERE r.state = 'closing' ORDER BY r.id;

-- name: turn!
UPDATE rounds SET state = :state, began_at = coalesce(began_at, :began_at), ended_at = :ended_at
WHERE id = :id AND state = :was;

-- name: close_now!
UPDATE rounds SET closes_at = :now, state = 'closing' WHERE plan_id = :plan_id AND state = 'running';

-- name: drop_planned!
UPDATE rounds SET state = 'stopped', ended_at = :now WHERE plan_id = :plan_id AND state = 'planned';

-- name: tell!
UPDATE rounds SET told = :told WHERE id = :id;

-- name: conclude!
UPDATE rounds SET state = 'closed', ended_at = :now, result = :result WHERE id = :id AND state = 'closing';
