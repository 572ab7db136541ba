const JOB = `j.id, j.kind, j.subject, j.input, j.actor, j.created_at AS "createdAt", j.attempt,
  j.leased_until AS "leasedUntil"`;

/** Adds a job whose first attempt, leased until $6, is that of the process that adds it. */
export const ADD_JOB = {
  name: 'job-add',
  text: `
INSERT INTO job AS j (kind, subject, input, actor, created_at, run_at, leased_until, attempt)
VALUES ($1, $2, $3, $4, $5, $5, $6, 1) RETURNING ${JOB}`,
};

/** Up to $4 jobs of the kinds $3 that are due at $1 and that no process runs, leased until $2. Of one subject the oldest. */
export const LEASE_DUE_JOBS = {
  name: 'job-lease-due',
  text: `
UPDATE job j SET attempt = attempt + 1, leased_until = $2
WHERE id IN (
  SELECT d.id FROM job d
  WHERE d.done_at IS NULL AND d.run_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1)
    AND d.kind = ANY ($3::text[]) AND NOT EXISTS (
      SELECT FROM job o WHERE o.subject = d.subject AND o.done_at IS NULL
        AND (o.created_at, o.seq) < (d.created_at, d.seq))
  ORDER BY d.run_at LIMIT $4 FOR UPDATE SKIP LOCKED
) RETURNING ${JOB}`,
};

/** Job $1, due or not, unless it is done or a process runs it at $2; leased until $3. */
export const LEASE_JOB = {
  name: 'job-lease',
  text: `
UPDATE job j SET attempt = attempt + 1, leased_until = $3
WHERE id = $1 AND done_at IS NULL AND (leased_until IS NULL OR leased_until <= $2) RETURNING ${JOB}`,
};

/**
 * The leases of attempts $2 at jobs $1 last until $3, but for those that are over. A job that is locked is being recorded, and
 * nobody can lease it: to wait for it would hold up the recording of all others.
 */
export const RENEW_LEASES = {
  name: 'job-renew-leases',
  text: `
UPDATE job SET leased_until = $3
WHERE id IN (
  SELECT j.id FROM job j JOIN unnest($1::uuid[], $2::int[]) AS h (id, attempt) USING (id, attempt)
  WHERE j.leased_until IS NOT NULL FOR UPDATE OF j SKIP LOCKED)`,
};

/** Ends the leases of attempts $2 at jobs $1; the next attempts are due at $3. */
export const POSTPONE_JOBS = {
  name: 'job-postpone',
  text: `
UPDATE job j SET leased_until = NULL, run_at = p.run_at
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS p (id, attempt, run_at)
WHERE j.id = p.id AND j.attempt = p.attempt AND j.done_at IS NULL`,
};

export const OPEN_JOBS = {
  name: 'job-open',
  text: `
SELECT id FROM job WHERE subject = $1 AND kind = ANY ($2::text[]) AND done_at IS NULL ORDER BY created_at, seq`,
};

/** How many jobs of each of the kinds $1 are open, and since when the oldest. */
export const COUNT_OPEN_JOBS = {
  name: 'job-count-open',
  text: `
SELECT k.kind, count(j.id)::int AS open, min(j.created_at) AS "oldestAt"
FROM unnest($1::text[]) AS k (kind) LEFT JOIN job j ON j.kind = k.kind AND j.done_at IS NULL
GROUP BY k.kind ORDER BY k.kind`,
};

export const JOB_OUTCOME = {
  name: 'job-outcome',
  text: 'SELECT outcome FROM job WHERE id = $1',
};

export const JOB_OUTCOME_LOCKED = {
  name: 'job-outcome-locked',
  text: 'SELECT outcome FROM job WHERE id = $1 FOR UPDATE',
};

export const FINISH_JOB = {
  name: 'job-finish',
  text: 'UPDATE job SET done_at = $2, outcome = $3, leased_until = NULL WHERE id = $1',
};
