import { readdirSync, readFileSync } from 'node:fs';
import { projectPath } from '../../../../shared/root.js';
import { newIncident, newPatient } from '../../testing/casualties.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';

/** The former key of Eisenach, and the Wartburgkreis that it is part of since 2021-07-01. */
const EISENACH = '16056';
const WARTBURGKREIS = '16063';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const staffOf = (area: string): TestIdentity => ({ role: 'crisis-staff', areas: [area] });
const incidentsIn = async (
  area: string,
  who?: TestIdentity,
): Promise<{ id: string; area: string }[]> => {
  const { data } = await world.request(
    'query ($area: String!) { incidents(filter: { area: $area }) { nodes { id area } } }',
    { area },
    who,
  );
  return data.incidents.nodes;
};

test('an incident declared under a former key lies in the successor, and both keys find it', async () => {
  const incident = await newIncident(world, { area: EISENACH });
  for (const area of [EISENACH, WARTBURGKREIS, '16']) {
    expect(await incidentsIn(area)).toContainEqual({ id: incident, area: WARTBURGKREIS });
  }
});

test('staff whose token names a former key lead in the successor', async () => {
  const incident = await newIncident(world, { area: WARTBURGKREIS });
  await expect(newPatient(world, { incident }, {}, staffOf(EISENACH))).resolves.toBeTruthy();
  await expect(newPatient(world, { incident }, {}, staffOf('16061'))).rejects.toThrow('FORBIDDEN');
});

test('a subscription to a former key receives changes of the successor', async () => {
  const watch = await world.watch(
    `subscription { incidentChanged(area: "${EISENACH}") { incident { area } } }`,
  );
  const first = watch.next();
  // The instant at which the subscription starts is not known, so incidents are declared until it delivers one.
  const declaring = setInterval(() => void newIncident(world, { area: WARTBURGKREIS }), 200);
  const { value } = await first;
  clearInterval(declaring);
  expect(value.data.incidentChanged.incident).toEqual({ area: WARTBURGKREIS });
  await watch.return!();
});

test('the migration moves what an older hub kept under a former key', async () => {
  const incident = await newIncident(world, { area: WARTBURGKREIS });
  await world.pool.query('UPDATE incident SET area = $1, lead_area = $1 WHERE id = $2', [
    EISENACH,
    incident,
  ]);
  await world.pool.query(
    `UPDATE outbox_event SET area = $1, tags = ARRAY['from:' || $1, 'sent:' || $1 || ':a', 'from:160561'] WHERE entity = $2`,
    [EISENACH, incident],
  );
  const folder = projectPath('subgraphs/patients/prisma/migrations');
  const migration = readdirSync(folder).find((name) => name.endsWith('_former_kreise'))!;
  await world.pool.query(readFileSync(`${folder}/${migration}/migration.sql`, 'utf8'));
  const { rows } = await world.pool.query(
    `SELECT i.area, lead_area, e.area AS changed, tags FROM incident i JOIN outbox_event e ON e.entity = i.id::text
     WHERE i.id = $1`,
    [incident],
  );
  expect(rows[0]).toEqual({
    area: WARTBURGKREIS,
    lead_area: WARTBURGKREIS,
    changed: WARTBURGKREIS,
    tags: [`from:${WARTBURGKREIS}`, `sent:${WARTBURGKREIS}:a`, 'from:160561'],
  });
});
