import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { projectPath } from '../../../../shared/root.js';
import { createDatabase, type TestDatabase } from '../../../../tests/cluster/database.js';

const FOLDER = projectPath('subgraphs/patients/prisma/migrations');
const names = readdirSync(FOLDER)
  .filter((name) => /^\d/.test(name))
  .sort();
const sqlOf = (name: string) => readFileSync(`${FOLDER}/${name}/migration.sql`, 'utf8');
const NAME = names.find((name) => name.endsWith('_one_form_of_tags_and_call_signs'))!;

let database: TestDatabase;
let db: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Client(database.url);
  await db.connect();
  for (const name of names.filter((one) => one < NAME)) await db.query(sqlOf(name));
});
afterAll(async () => {
  await db.end();
  await database.drop();
});

test('stored tags and call signs get the form in which they are looked for, where no other row has it', async () => {
  const [facility, other] = [crypto.randomUUID(), crypto.randomUUID()];
  const tags = [
    [facility, 'A\u0308  1', 'Ä 1'],
    [facility, 'B\u200b', 'B\u200b'],
    [facility, 'B', 'B'],
    [other, ' \u00adB', 'B'],
    [other, 'B\u200d', 'B\u200d'],
    [other, 'ä 1', 'ä 1'],
  ];
  for (const [registeredIn, tag] of tags) {
    await db.query(
      `INSERT INTO patient (id, registered_in, facility_id, area, tag, category, by_physician, triaged_at, transport_priority, needs,
         ventilated, physician_escort, origin, registered_at, registered_by)
       VALUES (gen_random_uuid(), $1, $1, '05315', $2, 'SK_I', false, now(), false, '{}', false, false, 'CIVILIAN', now(), 'ward')`,
      [registeredIn, tag],
    );
  }
  const callSigns = [
    ['Köln\u00a01', 'Köln 1'],
    ['Köln  2', 'Köln  2'],
    ['Köln 2', 'Köln 2'],
  ];
  for (const [callSign] of callSigns) {
    await db.query(
      `INSERT INTO vehicle (call_sign, means, area, physician, ventilator) VALUES ($1, 'RTW', '05315', false, false)`,
      [callSign],
    );
  }
  await db.query(sqlOf(NAME));
  const { rows: patients } = await db.query('SELECT tag FROM patient ORDER BY seq');
  expect(patients.map(({ tag }) => tag)).toEqual(tags.map(([, , tag]) => tag));
  const { rows: vehicles } = await db.query('SELECT call_sign FROM vehicle');
  expect(new Set(vehicles.map(({ call_sign: sign }) => sign))).toEqual(
    new Set(callSigns.map(([, sign]) => sign)),
  );
});
