import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import type { Phase } from '../generated/graphql.js';
import { addPerson, facilitiesIn } from '../testing/people.js';
import { personnelWorld, type PersonnelWorld } from '../testing/personnel-world.js';

const PHASES: readonly Phase[] = [
  ...(['EVERYDAY', 'MASS_CASUALTY', 'SUPRAREGIONAL_MASS_CASUALTY', 'PANDEMIC'] as const),
  ...(['CATASTROPHE', 'STATE_OF_CONSENT', 'STATE_OF_TENSION'] as const),
  ...(['ALLIANCE_CASE', 'STATE_OF_DEFENCE'] as const),
];
const BODIES = [
  ...(['FIRE_BRIGADE', 'THW', 'AID_ORGANISATION', 'BUNDESWEHR_RESERVE'] as const),
  ...(['RESERVE_POOL', 'CRISIS_STAFF'] as const),
];
const GROUPS = ['PHYSICIAN', 'INTENSIVE_CARE_NURSE', 'NURSE'] as const;

let world: PersonnelWorld;
let facilities: string[];
beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', 3);
});
afterAll(() => world.close());

const facility = fc.integer({ min: 0, max: 2 }).map((index) => facilities[index]!);
const employment = fc.record({
  kind: fc.constantFrom('MAIN_EMPLOYER' as const, 'SIDE_JOB' as const),
  facility,
  group: fc.constantFrom(...GROUPS),
});
const commitment = fc.oneof(employment, fc.record({ kind: fc.constantFrom(...BODIES) }));
/** Records of one person: what each of several registrants has stored. */
const person = fc.array(fc.array(commitment, { maxLength: 4 }), { minLength: 1, maxLength: 3 });

async function effectiveIn(phase: Phase): Promise<number> {
  const { data, errors } = await world.request(
    'query ($phase: Phase!) { staffing(area: "", phase: $phase) { total { rostered effective } } }',
    { phase },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const total: { rostered: number; effective: number }[] = data.staffing.total;
  for (const { rostered, effective } of total) expect(effective).toBeLessThanOrEqual(rostered);
  return total.reduce((sum, { effective }) => sum + effective, 0);
}

test('in every phase the sum of effective staff is at most the number of persons, and no phase adds any', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(person, { maxLength: 8 }), async (people) => {
      await world.pool.query(
        'TRUNCATE professional, commitment, qualification, possible_duplicate',
      );
      for (const records of people) {
        const id = randomUUID();
        for (const commitments of records) await addPerson(world, { person: id, commitments });
      }
      const employed = people.filter((records) =>
        records.flat().some(({ kind }) => kind === 'MAIN_EMPLOYER' || kind === 'SIDE_JOB'),
      ).length;
      const everyday = await effectiveIn('EVERYDAY');
      expect(everyday).toBe(employed);
      for (const phase of PHASES) expect(await effectiveIn(phase)).toBeLessThanOrEqual(everyday);
    }),
    { numRuns: 20 },
  );
});
