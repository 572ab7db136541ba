import fc from 'fast-check';
import { newKey } from '../../testing/casualties.js';
import { patientsWorld, type PatientsWorld } from '../../testing/patients-world.js';
import { register } from '../../testing/transfers.js';
import {
  incidentBeside,
  NO_WALK_INS,
  opens,
  planned,
  propose,
  untouchedKreise,
  type Hospital,
} from '../../testing/proposals.js';

let world: PatientsWorld;
let facilities: Hospital[];
let incident: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await untouchedKreise(() => world)(3);
  for (const facility of facilities) await opens(world, facility, { SK_I: 2, SK_II: 3, SK_III: 5 });
  incident = await incidentBeside(world, facilities[0]!);
  for (const category of ['SK_I', 'SK_II', 'SK_III']) {
    await register(world, { incident }, 3, { category });
  }
});
afterAll(() => world.close());

const planInput = { radiusKm: 60, parameters: NO_WALK_INS };

test('the same input gives the same digest and plan at any time; another input gives another digest', async () => {
  const { id, ...first } = await propose(world, incident, planInput);
  world.later(1);
  const { id: second, ...again } = await propose(world, incident, planInput);
  expect(second).not.toBe(id);
  const untimed = (plan: any) => ({
    ...plan,
    summary: { ...plan.summary, solverMilliseconds: 0 },
  });
  expect(untimed(again)).toEqual(untimed(first));
  expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
  const digests = [
    first.digest,
    (await propose(world, incident, { ...planInput, wave: 2 })).digest,
    (await propose(world, incident, { ...planInput, without: [facilities[0]!.id] })).digest,
    (await propose(world, incident, { ...planInput, parameters: {} })).digest,
  ];
  await opens(world, facilities[2]!, { SK_I: 2, SK_II: 3, SK_III: 6 });
  digests.push((await propose(world, incident, planInput)).digest);
  expect(new Set(digests).size).toBe(digests.length);
});

test('a repeated call returns the first plan, whatever has changed; the key is refused for another input', async () => {
  const own = await incidentBeside(world, facilities[0]!);
  await register(world, { incident: own });
  const input = { incident: own, ...planInput, idempotencyKey: newKey() };
  const first = await planned(world, 'proposeAllocation', input);
  await register(world, { incident: own });
  expect(await planned(world, 'proposeAllocation', input)).toEqual(first);
  await world.request(
    `mutation ($input: CloseIncidentInput!) { closeIncident(input: $input) { __typename } }`,
    { input: { incident: own, reason: 'over' } },
  );
  expect(await planned(world, 'proposeAllocation', input)).toEqual(first);
  expect(await planned(world, 'proposeAllocation', { ...input, wave: 2 })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
    field: 'proposeAllocation',
  });
});

test('equal calls at once all return one plan, and one event is published', async () => {
  const input = { incident, ...planInput, idempotencyKey: newKey() };
  const events = await world.eventCount();
  const plans = await Promise.all(
    Array.from({ length: 5 }, () => planned(world, 'proposeAllocation', input)),
  );
  expect(new Set(plans.map(({ id }) => id)).size).toBe(1);
  expect(await world.eventCount()).toBe(events + 1);
});

test('age, origin and name change nothing: the plan and its digest stay the same', async () => {
  const { id: _, ...before } = await propose(world, incident, planInput);
  const { rows } = await world.pool.query<{ id: string }>(
    'SELECT id FROM patient WHERE incident_id = $1 ORDER BY id',
    [incident],
  );
  const person = fc.record({
    // Digits 4 and 5 of the PZC are the age.
    pzc: fc.integer({ min: 0, max: 99 }).map((age) => `332${String(age).padStart(2, '0')}1`),
    origin: fc.constantFrom('CIVILIAN', 'MILITARY', 'ALLIED'),
    tag: fc.uuid(),
    registeredBy: fc.string({ minLength: 1 }).map((text) => text.replaceAll('\0', 'x')),
  });
  const persons = fc.array(person, { minLength: rows.length, maxLength: rows.length });
  await fc.assert(
    fc.asyncProperty(persons, async (people) => {
      for (const [n, { pzc, origin, tag, registeredBy }] of people.entries()) {
        await world.pool.query(
          'UPDATE patient SET pzc = $2, origin = $3::"PatientOrigin", tag = $4, registered_by = $5 WHERE id = $1',
          [rows[n]!.id, pzc, origin, tag, registeredBy],
        );
      }
      const { id: __, ...after } = await propose(world, incident, planInput);
      expect({ ...after, summary: { ...after.summary, solverMilliseconds: 0 } }).toEqual({
        ...before,
        summary: { ...before.summary, solverMilliseconds: 0 },
      });
    }),
    { numRuns: 8 },
  );
});
