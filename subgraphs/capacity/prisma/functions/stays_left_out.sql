-- Rule: beds that were left out are proposed again when the hour of their failure is at least 2 hours later than the
-- limit at which they were left out, so that a delivery that gains minutes does not send patients to and fro.
-- Tests: subgraphs/capacity/sustainability/limiting.test.ts
CREATE OR REPLACE FUNCTION stays_left_out(was_left_out BOOLEAN, from_at TIMESTAMPTZ, moment TIMESTAMPTZ) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN is_left_out(false, from_at, moment + CASE WHEN was_left_out THEN '2 hours' ELSE '0 hours' END::interval);
