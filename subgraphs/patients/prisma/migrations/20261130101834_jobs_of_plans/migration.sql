-- What is still to be done for a plan becomes a job, and so does every row of allocation_return. Nobody may add one meanwhile, and a
-- replica of an earlier version fails afterwards, instead of adding one that nobody looks for.
LOCK TABLE "allocation_plan", "allocation_return" IN ACCESS EXCLUSIVE MODE;

-- A plan that is being confirmed, or was discarded meanwhile: then what was reserved for it is looked for. Capacity knows what was
-- asked by the id of the plan.
INSERT INTO "job" (kind, subject, input, actor, created_at, run_at, attempt)
SELECT 'allocation.confirmation', id, '{}', confirmed_by, settled_at, next_at, tries + 1
FROM "allocation_plan" WHERE next_at IS NOT NULL ORDER BY settled_at, seq;

INSERT INTO "job" (kind, subject, input, actor, created_at, run_at, attempt, done_at, outcome)
SELECT 'allocation.return', r.plan_id,
  jsonb_build_object('reservation', r.reservation_id, 'items', jsonb_agg(r.item ORDER BY r.item)),
  n.confirmed_by, n.settled_at, min(r.next_at), max(r.tries) + 1, r.done_at,
  CASE WHEN r.done_at IS NOT NULL THEN '{"is": "RETURNED"}'::jsonb END
FROM "allocation_return" r JOIN "allocation_plan" n ON n.id = r.plan_id
GROUP BY n.id, r.plan_id, r.reservation_id, r.done_at ORDER BY n.settled_at, n.seq;

DROP TABLE "allocation_return";
ALTER TABLE "allocation_plan" DROP COLUMN "next_at", DROP COLUMN "tries";
