import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { facilitiesIn } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import { hospital, KASSEL, person, read, registered } from '../testing/registrations.js';

let world: PersonnelWorld;
let facilities: string[];
const newFacility = eachOnce(() => facilities);
beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', 20);
});
afterAll(() => world.close());

const SUPERVISOR: TestIdentity = { role: 'data-protection', areas: [''], subject: 'supervisor' };

async function entries(filter: object, who = SUPERVISOR, first = 50) {
  const { data, errors } = await world.request(
    `query ($filter: PersonnelAuditFilter, $first: Int) { personnelAuditEntries(filter: $filter, first: $first) {
      totalCount nodes { at by roles readerFacilityIds action field found professionalIds count } pageInfo { endCursor } } }`,
    { filter, first },
    who,
  );
  if (errors) throw new Error(errors[0]!.message);
  return data.personnelAuditEntries;
}

test('a registration and each read leave an entry with who acted for whom', async () => {
  const facility = newFacility();
  const id = await registered(world, { facility });
  await read(world, id, { ...hospital(facility), subject: 'ward' });
  await read(world, id, { ...person(id), subject: 'erika' });
  await read(world, id, { ...hospital(newFacility()), subject: 'curious' });
  const { nodes, totalCount } = await entries({ person: id });
  expect(totalCount).toBe(4);
  const common = { professionalIds: [id], at: world.clock.now.toISOString() };
  expect(nodes).toHaveLength(4);
  expect(nodes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...common,
        action: 'REGISTER',
        field: 'registerProfessional',
        found: true,
      }),
      expect.objectContaining({
        ...common,
        action: 'READ',
        by: 'ward',
        roles: ['hospital'],
        readerFacilityIds: [facility],
        field: 'professional',
        found: true,
        count: 1,
      }),
      expect.objectContaining({ by: 'erika', roles: ['professional'], readerFacilityIds: [] }),
      expect.objectContaining({ by: 'curious', found: false, count: 0, professionalIds: [id] }),
    ]),
  );
});

test('a page of people leaves one entry with all of them', async () => {
  const facility = newFacility();
  const ids = [await registered(world, { facility }), await registered(world, { facility })];
  await world.request('{ professionals { nodes { id } } }', {}, hospital(facility));
  const { nodes } = await entries({ facility });
  const [page] = nodes.filter(({ field }: { field: string }) => field === 'professionals');
  expect(page).toMatchObject({ count: 2, found: true });
  expect([...page.professionalIds].sort()).toEqual(ids.sort());
});

test('is filtered by person, actor, facility, area and period', async () => {
  const facility = newFacility();
  world.later(60);
  const before = world.clock.now;
  const id = await registered(world, { facility, homeArea: KASSEL });
  world.later(60);
  await read(world, id, { ...hospital(facility), subject: 'late reader' });
  const count = async (filter: object) => (await entries({ person: id, ...filter })).totalCount;
  // Each of these looks is an entry of its own about the person.
  const looks = async () => {
    const { rows } = await world.pool.query(
      `SELECT FROM audit_entry WHERE action = 'READ_AUDIT' AND people = ARRAY[$1::uuid]`,
      [id],
    );
    return rows.length;
  };
  expect(await count({ by: 'late reader' })).toBe(1);
  expect(await count({ area: '05' })).toBe(0);
  expect(await count({ facility: randomUUID() })).toBe(0);
  expect(await count({ until: new Date(before.getTime() + 1).toISOString() })).toBe(1);
  expect(await count({ from: world.clock.now.toISOString(), by: 'supervisor' })).toBe(4);
  const earlier = await looks();
  expect(await count({ area: KASSEL, facility })).toBe(2 + earlier);
});

test('shows a supervisor the entries about people of their areas and facilities alone', async () => {
  const [facility, other] = [newFacility(), newFacility()];
  const id = await registered(world, { facility, homeArea: KASSEL });
  const sees = async (who: Partial<TestIdentity>) =>
    (
      await entries(
        { by: 'hospital', person: id },
        { role: 'data-protection', subject: 'x', ...who },
      )
    ).totalCount;
  expect(await sees({ areas: ['06'] })).toBe(1);
  expect(await sees({ facilities: [facility] })).toBe(1);
  expect(await sees({ areas: ['05'], facilities: [other] })).toBe(0);
});

test.each(['hospital', 'chamber', 'crisis-staff', 'professional'])(
  'is closed to %s',
  async (role) => {
    const { errors } = await world.request(
      '{ personnelAuditEntries { totalCount } }',
      {},
      { role, areas: [''] },
    );
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
  },
);

test('a mistyped filter is refused', async () => {
  await expect(entries({ person: 'x' })).rejects.toThrow('person is a `Professional.id`');
  const at = world.clock.now.toISOString();
  await expect(entries({ from: at, until: at })).rejects.toThrow('from lies before until');
});

test.each([
  ['changes', `UPDATE audit_entry SET by = 'nobody'`],
  ['deletes', 'DELETE FROM audit_entry'],
  ['empties', 'TRUNCATE audit_entry'],
])('nobody %s entries', async (_, statement) => {
  await registered(world, { facility: newFacility() });
  await expect(world.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
});
