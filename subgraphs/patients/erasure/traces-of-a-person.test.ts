import { Writable } from 'node:stream';
import pg from 'pg';
import { pino } from 'pino';
import { loggedError } from '../../../shared/errors/index.js';
import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { confirm, giveIntake, planOf } from '../testing/plans.js';
import { facilitiesIn, newIncident, newKey } from '../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
  staffOf,
} from '../testing/patients-world.js';
import { call, giveBeds, primary } from '../testing/transfers.js';

/** Part of name and tag, and so found wherever it stands. */
const NAME = 'Zqwertz';
/** Stands only in words about the patients themselves. */
const WORD = 'Xylophonia';
const TEXT = `${WORD}: ${NAME} has requested it`;

const DISPATCH: TestIdentity = { role: 'dispatch', areas: ['05315'], subject: 'dispatcher' };
const STAFF: TestIdentity = { role: 'crisis-staff', areas: ['05'], subject: 'staff officer' };
const FAMILY: TestIdentity = { role: 'family-information', areas: ['05315'], subject: 'telephone' };

let world: PatientsWorld;
let incident: string;
let facilities: string[];
const lines: string[] = [];
beforeAll(async () => {
  const sink = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  world = await patientsWorld({
    log: pino({ level: 'trace', serializers: { err: loggedError } }, sink),
  });
  facilities = await facilitiesIn(world, '05315', 4);
  await giveBeds(world, facilities, 20);
  await giveIntake(world, facilities, 20);
  incident = await newIncident(world);
});
afterAll(() => world.close());

const ward = () => staffOf(facilities[0]!);
const key = () => `${TEXT} ${newKey()}`;

async function mutate(
  field: string,
  input: object,
  who: TestIdentity,
  selection = '',
): Promise<any> {
  const type = inputTypeOf(field);
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { outcome: ${field}(input: $input) { __typename ... on Refusal { message } ${selection} } }`,
    { input },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.outcome;
}

const REGISTERED = `... on RegisteredCasualties { outcomes { __typename ... on Refusal { message } ... on Patient { id }
  ... on TagInUse { tag } ... on InvalidTag { tag } } }`;
async function register(where: object, who: TestIdentity) {
  const person = {
    category: 'SK_II',
    physician: true,
    name: `Erika ${NAME}`,
    dateOfBirth: '1964-08-12',
  };
  const tag = `${NAME} ${newKey()}`;
  const casualties = [
    { ...person, tag, pzc: '332-60-2' },
    { ...person, tag },
    { tag: `${NAME} ${WORD} `.repeat(10) },
  ];
  const input = { ...where, casualties, idempotencyKey: key() };
  const first = await mutate('registerCasualties', input, who, REGISTERED);
  expect(first.outcomes).toMatchObject([
    { __typename: 'Patient' },
    { __typename: 'TagInUse', tag, message: expect.stringContaining(tag) },
    { __typename: 'InvalidTag' },
  ]);
  // A repetition gets every word back, from its own input.
  expect(await mutate('registerCasualties', input, who, REGISTERED)).toEqual(first);
  return { id: first.outcomes[0].id as string, tag };
}

/** Returns the rows of both databases that hold one of the marks, by table. */
async function rowsWithMarks(): Promise<string[]> {
  const found: string[] = [];
  for (const [name, { url }] of Object.entries(world.databases)) {
    const db = new pg.Client({ connectionString: url });
    await db.connect();
    const { rows: tables } = await db.query<{ table: string }>(
      `SELECT c.oid::regclass::text AS table FROM pg_class c
       WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace = 'public'::regnamespace`,
    );
    for (const { table } of tables) {
      const { rows } = await db.query<{ row: string }>(
        `SELECT to_jsonb(t)::text AS row FROM ${table} t WHERE to_jsonb(t)::text ~* $1`,
        [`${NAME}|${WORD}`],
      );
      found.push(...rows.map(({ row }) => `${name}.${table}: ${row}`));
    }
    await db.end();
  }
  return found;
}

/** Registers persons and does to them everything that takes a text; their ids. */
async function fillEverything(): Promise<string[]> {
  const words = { reason: TEXT };
  const [requested, refused, diverted] = [facilities[1]!, facilities[2]!, facilities[3]!];

  const first = await register({ incident }, DISPATCH);
  const { id: transfer } = await call(
    world,
    'requestTransfer',
    primary(first.id, { to: requested, ...words, idempotencyKey: key() }),
    DISPATCH,
  );
  const about = () => ({ transfer, ...words, idempotencyKey: key() });
  await call(world, 'refuseTransfer', about(), staffOf(requested));
  await call(world, 'requestDestination', { ...about(), to: refused }, DISPATCH);
  await call(world, 'acceptTransfer', { transfer, idempotencyKey: key() }, staffOf(refused));
  await call(world, 'seekTransport', about(), DISPATCH);
  await call(world, 'cancelTransfer', about(), DISPATCH);

  const [second, third, fourth] = [
    await register({ facility: facilities[0] }, ward()),
    await register({ facility: facilities[0] }, ward()),
    await register({ facility: facilities[0] }, ward()),
  ];
  for (const [{ id }, decision] of [
    [second, 'APPROVE'],
    [third, 'DEFER'],
    [fourth, 'REJECT'],
  ] as const) {
    const transferRequest = primary(id, { kind: 'SECONDARY', to: diverted, ...words });
    const request = await call(world, 'requestTransfer', transferRequest, ward());
    await call(world, 'approveTransfer', { transfer: request.id, decision, ...words }, DISPATCH);
  }
  await mutate(
    'recordIdentity',
    { patient: second.id, name: `Max ${NAME} ${WORD}`, idempotencyKey: key() },
    ward(),
  );
  await mutate('revealIdentity', { patient: second.id, purpose: TEXT }, ward());
  const SEARCH = `query ($tag: String!, $purpose: String!) { patientByTag(tag: $tag, purpose: $purpose) { id } }`;
  await world.request(SEARCH, { tag: first.tag, purpose: TEXT }, FAMILY);
  await world.request(SEARCH, { tag: `${NAME} nowhere`, purpose: `who knows ${NAME}?` }, FAMILY);

  const [fifth, sixth] = [
    await register({ incident }, DISPATCH),
    await register({ incident }, DISPATCH),
  ];
  const plan = await planOf(world, { incident }, [{ patient: fifth.id, facility: requested }]);
  await confirm(world, plan, {
    overrides: [{ patient: fifth.id, facility: refused, reason: TEXT }],
    idempotencyKey: key(),
  });
  const other = await planOf(world, { incident }, [{ patient: sixth.id, facility: requested }]);
  await mutate('discardAllocation', { plan: other, ...words }, DISPATCH);

  const why = { incident, reason: `because of Erika ${NAME}` };
  await mutate('escalateIncident', { ...why, leadingArea: '053' }, { ...DISPATCH, areas: [''] });
  await mutate('closeIncident', why, { ...DISPATCH, areas: [''] });
  return [first, second, third, fourth, fifth, sixth].map(({ id }) => id);
}

test('nothing of a person is left in any table, stored result, event or log after an erasure, or written later', async () => {
  const ids = await fillEverything();
  const before = await rowsWithMarks();
  for (const table of [
    'patient:',
    'transfer_step:',
    'transfer_approval:',
    'allocation:',
    'allocation_plan:',
    'incident_entry:',
    'audit_entry:',
  ]) {
    expect(before.filter((row) => row.startsWith(`patients.${table}`))).not.toEqual([]);
  }

  const everywhere: TestIdentity = { role: 'crisis-staff', areas: [''], subject: 'staff officer' };
  for (const patient of ids) {
    const erased = await mutate('erasePatient', { patient, reason: TEXT }, everywhere);
    expect(erased).toEqual({ __typename: 'Patient' });
  }
  expect(await rowsWithMarks()).toEqual([]);

  // A caller who acts for an erased person still enters reasons.
  const { rows } = await world.pool.query<{ id: string; status: string }>(
    `SELECT id, status::text FROM transfer WHERE patient_id = $1`,
    [ids[1]],
  );
  const cancelled = await call(
    world,
    'cancelTransfer',
    { transfer: rows[0]!.id, reason: TEXT, idempotencyKey: key() },
    ward(),
  );
  expect(cancelled).toMatchObject({ __typename: 'Transfer', status: 'CANCELLED' });
  const again = { transfer: rows[0]!.id, reason: TEXT };
  expect(await call(world, 'cancelTransfer', again, ward())).toEqual(cancelled);
  await mutate('revealIdentity', { patient: ids[1], purpose: TEXT }, ward());
  await mutate('erasePatient', { patient: ids[1], reason: TEXT }, STAFF);
  expect(await rowsWithMarks()).toEqual([]);
  expect(lines.filter((line) => line.includes(NAME) || line.includes(WORD))).toEqual([]);
});

test('texts that are written during an erasure are erased too', async () => {
  const { id } = await register({ incident: await newIncident(world) }, DISPATCH);
  const { id: transfer } = await call(
    world,
    'requestTransfer',
    primary(id, { to: facilities[1] }),
    DISPATCH,
  );
  const erasing = await world.pool.connect();
  await erasing.query('BEGIN');
  await erasing.query('SELECT FROM patient WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const refused = call(
    world,
    'refuseTransfer',
    { transfer, reason: WORD },
    staffOf(facilities[1]!),
  );
  const isWaiting = async () =>
    (
      await world.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
    ).rowCount! > 0;
  while (!(await isWaiting()));
  await erasing.query('UPDATE patient SET erased_at = now() WHERE id = $1', [id]);
  await erasing.query('COMMIT');
  erasing.release();
  expect(await refused).toMatchObject({ status: 'REFUSED' });
  const { rows } = await world.pool.query(
    'SELECT FROM transfer_step WHERE transfer_id = $1 AND reason IS NOT NULL',
    [transfer],
  );
  expect(rows).toEqual([]);
});
