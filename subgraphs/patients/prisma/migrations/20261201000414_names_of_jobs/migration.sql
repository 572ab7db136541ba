-- Kinds of jobs are named `<concept>.<verb>`, as in the other subgraphs.
UPDATE "job" SET "kind" = 'transfer.update-reservation' WHERE "kind" = 'transfer.reservation';
UPDATE "job" SET "kind" = 'allocation.confirm' WHERE "kind" = 'allocation.confirmation';

-- Jobs of transfers alone have an operation. Without the kind the index also has those that a replica of the release before adds.
DROP INDEX "job_reservation_settled";
CREATE INDEX "job_reservation_settled" ON "job"(("input" ->> 'item'))
  WHERE "input" ->> 'operation' IN ('RELEASE', 'REDEEM');
