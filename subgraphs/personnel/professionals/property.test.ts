import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { chambersOfProfession } from '../testing/chambers.js';
import { facilitiesIn } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import {
  chamber,
  decide,
  firm,
  hospital,
  newIdentity,
  PHYSICIAN,
  professionalInput,
  register,
  totals,
} from '../testing/registrations.js';

const [PHYSICIANS] = chambersOfProfession(PHYSICIAN) as [string];
const PEOPLE = 3;
const EMPLOYERS = 4;

let world: PersonnelWorld;
let facilities: string[];
beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', EMPLOYERS - 1);
});
afterAll(() => world.close());

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('register' as const),
      person: fc.nat(PEOPLE - 1),
      employer: fc.nat(EMPLOYERS - 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      pair: fc.nat(),
      isSame: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), record: fc.nat() }) },
);

interface ModelRecord {
  id: string;
  person: number;
  employer: number;
}

/** A model of the calls so far, written from the words of the rule and not from the program. */
class Model {
  records: ModelRecord[] = [];
  readonly apart = new Set<string>();

  pairs(): [ModelRecord, ModelRecord][] {
    return this.records.flatMap((a, n) =>
      this.records
        .slice(n + 1)
        .flatMap((b): [ModelRecord, ModelRecord][] => (a.person === b.person ? [[a, b]] : [])),
    );
  }

  persons(): number {
    const group = new Map(this.records.map(({ id }) => [id, id]));
    const joined = this.pairs().filter(([a, b]) => !this.apart.has(keyOf(a.id, b.id)));
    for (const [a, b] of joined) {
      const [from, to] = [group.get(b.id)!, group.get(a.id)!];
      for (const [id, one] of group) if (one === from) group.set(id, to);
    }
    return new Set(group.values()).size;
  }
}

const keyOf = (a: string, b: string) => [a, b].sort().join();

async function duplicateOf(a: string, b: string): Promise<string> {
  const { rows } = await world.pool.query<{ id: string }>(
    'SELECT id FROM possible_duplicate WHERE a = least($1::uuid, $2::uuid) AND b = greatest($1::uuid, $2::uuid)',
    [a, b],
  );
  return rows[0]!.id;
}

test('after any registrations, decisions and erasures each person counts once, and no phase adds any', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      await world.pool.query(
        'TRUNCATE professional, commitment, qualification, possible_duplicate',
      );
      const model = new Model();
      const identities = Array.from({ length: PEOPLE }, newIdentity);
      const organisation = randomUUID();
      const employerOf = (n: number): TestIdentity =>
        n < facilities.length ? hospital(facilities[n]!) : firm(organisation);
      for (const one of steps) {
        if (one.kind === 'register') {
          const { person, employer } = one;
          const facility = facilities[employer];
          const input = professionalInput(world, {
            ...(facility === undefined ? { organisation } : { facility }),
            identity: identities[person]!,
            qualifications: [{ profession: PHYSICIAN, chamber: PHYSICIANS }],
          });
          const { data } = await register(world, input, employerOf(employer));
          const { __typename: outcome, professionalId: id } = data.registerProfessional;
          const isKnown = model.records.some(
            (record) => record.person === person && record.employer === employer,
          );
          expect(outcome).toBe(isKnown ? 'ProfessionalExists' : 'ProfessionalRegistered');
          if (!isKnown) model.records.push({ id, person, employer });
        } else if (one.kind === 'decide') {
          const pairs = model.pairs();
          if (pairs.length === 0) continue;
          const [a, b] = pairs[one.pair % pairs.length]!;
          await decide(world, await duplicateOf(a.id, b.id), one.isSame, chamber(PHYSICIANS));
          if (one.isSame) model.apart.delete(keyOf(a.id, b.id));
          else model.apart.add(keyOf(a.id, b.id));
        } else {
          if (model.records.length === 0) continue;
          const { id, employer } = model.records[one.record % model.records.length]!;
          await world.request(
            'mutation ($id: ID!) { eraseProfessional(input: { professional: $id }) { __typename } }',
            { id },
            employerOf(employer),
          );
          model.records = model.records.filter((record) => record.id !== id);
        }
      }
      const { rows } = await world.pool.query<{ persons: number }>(
        'SELECT count(DISTINCT person)::int AS persons FROM professional WHERE withdrawn_at IS NULL',
      );
      expect(rows[0]!.persons).toBe(model.persons());
      const everyday = await totals(world);
      const atFacilities = model.records.filter(({ employer }) => employer < facilities.length);
      expect(everyday.rostered).toBe(atFacilities.length);
      expect(everyday.effective).toBeLessThanOrEqual(model.persons());
      for (const phase of ['PANDEMIC', 'CATASTROPHE', 'ALLIANCE_CASE']) {
        expect((await totals(world, phase)).effective).toBeLessThanOrEqual(everyday.effective);
      }
    }),
    { numRuns: 25 },
  );
});
