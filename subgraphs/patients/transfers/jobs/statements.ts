const ERRAND = `e.id, e.transfer_id AS transfer, e.kind::text, e.attempt, e.facility, e.bed_category::text AS "bedCategory",
  e.intake::text, e.reservation_id AS reservation, e.item, e.actor, e.created_at AS "createdAt", e.tries, e.outcome`;

export const STORE_ERRAND = {
  name: 'store-errand',
  text: `
INSERT INTO capacity_errand AS e
  (transfer_id, kind, attempt, facility, bed_category, intake, reservation_id, item, actor, created_at, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING e.id`,
};

export const ERRAND_BY_ID = {
  name: 'errand-by-id',
  text: `
SELECT ${ERRAND}, t.kind::text AS "transferKind", t.from_area AS "fromArea"
FROM capacity_errand e JOIN transfer t ON t.id = e.transfer_id
WHERE e.id = $1`,
};

export const ERRAND_LOCKED = {
  name: 'errand-locked',
  text: `SELECT ${ERRAND} FROM capacity_errand e WHERE e.id = $1 FOR UPDATE`,
};

export const OPEN_CLAIM = {
  name: 'open-claim',
  text: `
SELECT id FROM capacity_errand
WHERE transfer_id = $1 AND attempt = $2 AND kind IN ('RESERVE', 'CONFIRM') AND done_at IS NULL`,
};

export const FINISH_ERRAND = {
  name: 'finish-errand',
  text: 'UPDATE capacity_errand SET done_at = $2, outcome = $3 WHERE id = $1',
};

/**
 * Takes up to $2 errands that are due at $1 and puts their next try off, so that another process leaves them alone. Of one
 * transfer the oldest goes first. $3 is the shortest pause in seconds and $4 the longest, see pauseSeconds.
 */
export const TAKE_DUE = {
  name: 'take-due',
  text: `
UPDATE capacity_errand SET tries = tries + 1,
  next_at = $1::timestamptz + LEAST($3 * 2 ^ LEAST(tries + 1, 20), $4) * interval '1 second'
WHERE id IN (
  SELECT e.id FROM capacity_errand e
  WHERE e.done_at IS NULL AND e.next_at <= $1 AND NOT EXISTS (
    SELECT FROM capacity_errand o WHERE o.transfer_id = e.transfer_id AND o.done_at IS NULL
      AND (o.created_at, o.seq) < (e.created_at, e.seq))
  ORDER BY e.next_at LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING id`,
};
