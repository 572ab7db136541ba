import type pg from 'pg';

/** Returns one id per original and copy, so that copies fit together, also across the two databases. */
const copyOf = (id: string) => `md5(${id}::text || ' ' || c.n)::uuid`;

/** Copies rows of a table with some columns changed; SQL for each. */
const copyRows = (table: string, link: string, changes: Record<string, string>) => {
  const changed = Object.entries(changes).map(([column, sql]) => `'${column}', ${sql}`);
  return `INSERT INTO ${table} SELECT made.* FROM copied c JOIN ${table} o ON ${link},
    LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(o) || jsonb_build_object(${changed.join(', ')})) AS made`;
};

/** A number of its own, by which rows of one instant are ordered. */
const nextOf = (table: string) => `nextval(pg_get_serial_sequence('${table}', 'seq'))`;

const OPEN = `status NOT IN ('REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED')`;

/** Patients on their way, each with a vehicle, steps and a slot. Deadlines of requests are far enough in the future. */
const GROW_PATIENTS = [
  `CREATE TEMP TABLE copied ON COMMIT DROP AS
   SELECT t.*, n FROM generate_series($1::int, $2::int) AS n, transfer t
   WHERE ${OPEN}`,
  copyRows('patient', 'o.id = c.patient_id', {
    id: copyOf('o.id'),
    tag: copyOf('o.id'),
    seq: nextOf('patient'),
  }),
  copyRows('vehicle', 'o.id = c.vehicle_id', { id: copyOf('o.id'), call_sign: copyOf('o.id') }),
  copyRows('transfer', 'o.id = c.id', {
    id: copyOf('o.id'),
    patient_id: copyOf('o.patient_id'),
    vehicle_id: copyOf('o.vehicle_id'),
    reservation_id: copyOf('o.reservation_id'),
    reservation_item: copyOf('o.reservation_item'),
    due_at: `o.due_at + interval '6 hours'`,
    seq: nextOf('transfer'),
  }),
  copyRows('transfer_step', 'o.transfer_id = c.id', { transfer_id: copyOf('c.id') }),
  copyRows('job', 'o.subject = c.id', {
    id: copyOf('o.id'),
    subject: copyOf('c.id'),
    input: `o.input || jsonb_build_object('reservation', md5((o.input ->> 'reservation') || ' ' || c.n)::uuid,
      'item', md5((o.input ->> 'item') || ' ' || c.n)::uuid)`,
    seq: nextOf('job'),
  }),
];

/** The slots that are kept for them. */
const GROW_CAPACITY = [
  `CREATE TEMP TABLE copied ON COMMIT DROP AS
   SELECT i.id, i.reservation_id, n FROM generate_series($1::int, $2::int) AS n, reservation_item i
   WHERE NOT settled AND redeemed_at IS NULL`,
  copyRows('reservation', 'o.id = c.reservation_id', {
    id: copyOf('o.id'),
    seq: nextOf('reservation'),
  }),
  copyRows('reservation_item', 'o.id = c.id', {
    id: copyOf('o.id'),
    reservation_id: copyOf('o.reservation_id'),
  }),
];

/** How many transfers have not ended. */
export async function openTransfers(patients: pg.Client): Promise<number> {
  const { rows } = await patients.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM transfer WHERE ${OPEN}`,
  );
  return rows[0]!.count;
}

/** Gives a hub `target` open transfers, a multiple of those it has, by copies of them in both databases. */
export async function growOpenTransfers(
  patients: pg.Client,
  capacity: pg.Client,
  target: number,
): Promise<void> {
  const copies = target / (await openTransfers(patients)) - 1;
  if (!Number.isInteger(copies)) throw new Error(`${target} is no multiple of the open transfers.`);
  // Copies of one original differ by their numbers, also those of an earlier growth.
  const numbers = [target + 1, target + copies] as const;
  await grow(patients, numbers, GROW_PATIENTS);
  await grow(capacity, numbers, GROW_CAPACITY);
}

async function grow(
  db: pg.Client,
  [first, last]: readonly [number, number],
  [choose, ...copy]: readonly string[],
): Promise<void> {
  await db.query('BEGIN');
  // Nobody waits for copies, and their originals were checked.
  await db.query('SET LOCAL session_replication_role = replica');
  await db.query(choose!, [first, last]);
  for (const statement of copy) await db.query(statement);
  await db.query('COMMIT');
  // The next measurement should not pay for writing this down.
  await db.query('VACUUM (ANALYZE)');
  await db.query('CHECKPOINT');
}
