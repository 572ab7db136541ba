import { randomUUID } from 'node:crypto';
import type { Phase } from '../generated/graphql.js';
import type { CommitmentKind } from '../generated/prisma/client.js';
import { addPerson, addStaff, setOperable } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import { hospital, newIdentity, registered } from '../testing/registrations.js';

/** A phase for each set of bodies that phases take. */
const PHASES: readonly Phase[] = ['MASS_CASUALTY', 'PANDEMIC', 'CATASTROPHE', 'ALLIANCE_CASE'];

let world: PersonnelWorld;
/** Kreise of one Land with at least four facilities, as of each its AGS and four facilities. */
let kreise: { area: string; facilities: string[] }[];
beforeAll(async () => {
  world = await personnelWorld();
  const { rows } = await world.pool.query<{ area: string; facilities: string[] }>(
    `SELECT area, (array_agg(id::text ORDER BY id))[1:4] AS facilities FROM facility WHERE starts_with(area, '05')
     GROUP BY area HAVING count(*) >= 4 ORDER BY area LIMIT 3`,
  );
  kreise = rows;
});
afterAll(() => world.close());
beforeEach(() =>
  world.pool.query('TRUNCATE professional, commitment, qualification, possible_duplicate'),
);

const leader = (area: string): TestIdentity => ({ role: 'crisis-staff', areas: [area] });

interface Numbers {
  group: string;
  rostered: number;
  effective: number;
  isExact: boolean;
  withdrawable: number | null;
  doublyCommitted: number | null;
  unconfirmed: number | null;
}
interface VisibleStaff {
  /** Numbers by facility and by region that the caller sees. */
  facilities: Map<string, Numbers[]>;
  regions: Map<string, Numbers[]>;
  beds: Map<string, { category: string; beds: number }[]>;
}

const NUMBERS = 'group rostered effective isExact withdrawable doublyCommitted unconfirmed';

/** Reads by every way what a caller sees of the Land in a phase. */
async function seenBy(who: TestIdentity, phase: Phase): Promise<VisibleStaff> {
  const all = kreise.flatMap(({ facilities }) => facilities);
  const codes = ['DE', '05', '053', ...kreise.map(({ area }) => area)];
  const { data, errors } = await world.request(
    `query ($phase: Phase!, $facilities: [_Any!]!, $regions: [_Any!]!) {
      land: staffing(area: "05", phase: $phase) { total { ${NUMBERS} }
        kreise: regions(level: KREIS) { region { code } groups { ${NUMBERS} } }
        facilities(first: 500) { nodes { facility { id } groups { ${NUMBERS} } } } }
      germany: staffing(area: "", phase: $phase) { total { ${NUMBERS} } }
      regions: _entities(representations: $regions) { ... on Region { code staffing(phase: $phase) { ${NUMBERS} } } }
      facilities: _entities(representations: $facilities) { ... on Facility { id staffing(phase: $phase) { ${NUMBERS} }
        staffedBeds(phase: $phase) { category beds } } } }`,
    {
      phase,
      facilities: all.map((id) => ({ __typename: 'Facility', id })),
      regions: codes.map((code) => ({ __typename: 'Region', code })),
    },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const regions = new Map<string, Numbers[]>();
  const add = (to: Map<string, Numbers[]>, key: string, numbers: Numbers[] | null) => {
    if (numbers === null) return;
    // Each way shows the same.
    if (to.has(key)) expect(numbers).toEqual(to.get(key));
    to.set(key, numbers);
  };
  add(regions, 'DE', data.germany.total);
  add(regions, '05', data.land.total);
  for (const { region, groups } of data.land.kreise ?? []) add(regions, region.code, groups);
  for (const { code, staffing } of data.regions) add(regions, code, staffing);
  const facilities = new Map<string, Numbers[]>();
  for (const { facility, groups } of data.land.facilities.nodes) {
    add(facilities, facility.id, groups);
  }
  for (const { id, staffing } of data.facilities) {
    if (staffing?.length) add(facilities, id, staffing);
  }
  const beds = new Map<string, { category: string; beds: number }[]>(
    data.facilities
      .filter(({ staffedBeds }: { staffedBeds: unknown }) => staffedBeds !== null)
      .map(({ id, staffedBeds }: { id: string; staffedBeds: [] }) => [id, staffedBeds]),
  );
  return { facilities, regions, beds };
}

const kinds = (counts: Partial<Record<CommitmentKind, number>>): CommitmentKind[] =>
  Object.entries(counts).flatMap(([kind, count]) => Array(count).fill(kind));

describe('what a crisis staff and the hospitals see', () => {
  const effectiveIn = async (who: TestIdentity, key: string) => {
    const phases = ['EVERYDAY', 'MASS_CASUALTY', 'CATASTROPHE', 'ALLIANCE_CASE'] as const;
    const seen = await Promise.all(phases.map((phase) => seenBy(who, phase)));
    return seen.map(({ facilities, regions }) => {
      const numbers = facilities.get(key) ?? regions.get(key);
      return numbers?.[0]?.effective;
    });
  };
  const A = kinds({ FIRE_BRIGADE: 4, THW: 3, BUNDESWEHR_RESERVE: 2 });

  test('of a Kreis with one hospital are the same numbers, and no reservists', async () => {
    const [{ area, facilities }] = kreise as [(typeof kreise)[0]];
    await addStaff(world, facilities[0]!, 40, { also: A });
    await setOperable(world, facilities[0]!, 'ICU_HIGH_CARE', 22);
    expect(await effectiveIn(hospital(facilities[0]!), facilities[0]!)).toEqual([40, 36, 33, 31]);
    expect(await effectiveIn(leader(area), facilities[0]!)).toEqual([40, 40, 35, 35]);
    expect(await effectiveIn(leader(area), area)).toEqual([40, 40, 35, 35]);
    const { beds } = await seenBy(leader(area), 'ALLIANCE_CASE');
    expect(beds.get(facilities[0]!)).toEqual([{ category: 'ICU_HIGH_CARE', beds: 19 }]);
  });

  test('of a Kreis with three hospitals is how many reservists it has in all', async () => {
    const [{ area, facilities }] = kreise as [(typeof kreise)[0]];
    const [a, b, c] = facilities as [string, string, string];
    await addStaff(world, a, 40, { also: A });
    await addStaff(world, b, 30, {
      also: kinds({ FIRE_BRIGADE: 3, THW: 1, BUNDESWEHR_RESERVE: 4 }),
    });
    await addStaff(world, c, 20, { also: kinds({ FIRE_BRIGADE: 2, BUNDESWEHR_RESERVE: 2 }) });
    expect(await effectiveIn(leader(area), a)).toEqual([40, 40, 35, 35]);
    expect(await effectiveIn(leader(area), b)).toEqual([30, 30, 30, 30]);
    expect(await effectiveIn(hospital(b), b)).toEqual([30, 27, 26, 22]);
    expect(await effectiveIn(leader(area), area)).toEqual([90, 90, 85, 80]);
  });
});

test('no difference between what an attacker reads of phases, areas and instants is of 1 to 4 people', async () => {
  const own = kreise[0]!.facilities[0]!;
  const attackers: TestIdentity[] = [
    leader('05'),
    leader(kreise[0]!.area),
    { role: 'health-office', areas: [kreise[1]!.area] },
    hospital(own),
    { role: 'chamber', organisations: [randomUUID()] },
    { role: 'dispatch', areas: ['05'] },
  ];
  for (const { facilities } of kreise) {
    for (const facility of facilities) await setOperable(world, facility, 'ICU_HIGH_CARE', 12);
  }
  /** By attacker and by what it is of: the numbers withdrawn that were ever seen. */
  const withdrawn = new Map<string, Set<number>>();
  const bedsSeen = new Map<string, Set<number>>();
  const note = (all: Map<string, Set<number>>, key: string, number: number) =>
    all.set(key, (all.get(key) ?? new Set<number>()).add(number));
  const attack = async (all: readonly TestIdentity[]) => {
    for (const who of all) {
      const everyday = await seenBy(who, 'EVERYDAY');
      for (const phase of PHASES) {
        const seen = await seenBy(who, phase);
        for (const part of ['facilities', 'regions'] as const) {
          for (const [key, groups] of seen[part]) {
            if (key === own && who.role === 'hospital') continue;
            const reader = [who.role, who.areas ?? [], key].join(' ');
            for (const [n, numbers] of groups.entries()) {
              expect(numbers.isExact).toBe(false);
              const inEveryday = everyday[part].get(key)![n]!.effective;
              note(withdrawn, reader, inEveryday - numbers.effective);
              for (const bound of [numbers.withdrawable, numbers.doublyCommitted]) {
                if (part === 'facilities') expect(bound).toBeNull();
                else note(withdrawn, reader, bound ?? 0);
              }
              expect(numbers.unconfirmed ?? 5).toBeGreaterThanOrEqual(5);
            }
          }
        }
        for (const [id, beds] of seen.beds) {
          if (who.role !== 'hospital') note(bedsSeen, id, beds[0]!.beds);
        }
      }
    }
  };
  const bodies: readonly CommitmentKind[] = [
    ...(['FIRE_BRIGADE', 'THW', 'BUNDESWEHR_RESERVE', 'AID_ORGANISATION'] as const),
    ...(['CRISIS_STAFF', 'RESERVE_POOL', 'BUNDESWEHR_RESERVE'] as const),
  ];
  for (let day = 0; day < 6; day += 1) {
    for (const [k, { facilities }] of kreise.entries()) {
      for (const [f, facility] of facilities.slice(0, k + 2).entries()) {
        await addPerson(world, {
          commitments: [
            { kind: 'MAIN_EMPLOYER', facility },
            { kind: bodies[(day + k + f) % bodies.length]! },
          ],
        });
        await addPerson(world, { commitments: [{ kind: 'MAIN_EMPLOYER', facility }] });
      }
    }
    // All of them after the third day and at the end; who leads the Land on every day.
    await attack(day % 3 === 2 ? attackers : attackers.slice(0, 1));
  }
  const seen = [...withdrawn.values()].flatMap((numbers) => [...numbers]);
  expect(seen.filter((number) => number % 5 !== 0)).toEqual([]);
  expect(Math.max(...seen)).toBeGreaterThanOrEqual(20);
  // A facility has 12 beds for 12 people, of whom at most six are withdrawn; those who lead its area see 0 or 5.
  expect([...bedsSeen.values()].flatMap((numbers) => [...numbers])).not.toContain(11);
});

describe('a message', () => {
  const STAFFING = `subscription ($phase: Phase!, $facility: ID, $after: String) {
    staffingChanged(phase: $phase, facility: $facility, after: $after) { caughtUp staffing { groups { rostered } } } }`;

  test('that people of a facility are registered elsewhere reaches the facility, and not who leads its area', async () => {
    const [{ area, facilities }] = kreise as [(typeof kreise)[0]];
    const [facility, other] = facilities as [string, string];
    const identity = newIdentity();
    await registered(world, { facility, identity });
    const { data } = await world.request('{ personnelCursor }', {}, leader(area));
    const after: string = data.personnelCursor;
    await registered(world, { facility: other, identity });
    const count = async (who: TestIdentity) => {
      const watched = await world.watchWithMarks(
        STAFFING,
        { phase: 'EVERYDAY', facility, after },
        { subject: who.role, ...who },
      );
      let messages = 0;
      for await (const { data: message } of watched) {
        if (message?.['staffingChanged'].caughtUp) break;
        messages += 1;
      }
      return messages;
    };
    expect(await count(hospital(facility))).toBe(1);
    expect(await count(leader(area))).toBe(0);
  });
});
