-- Rule: nobody is sent to beds of which it is declared that they cannot be sustained from an hour that is nearer than 6 hours.
-- `left_out` says that they are left out in any case, until they are declared again; stays_left_out decides on it.
-- Tests: subgraphs/capacity/sustainability/limiting.test.ts
CREATE OR REPLACE FUNCTION is_left_out(left_out BOOLEAN, from_at TIMESTAMPTZ, moment TIMESTAMPTZ) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN left_out OR from_at < moment + '6 hours'::interval;
