import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { addPerson, addStaff, facilitiesIn, setOperable } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import { hospital } from '../testing/registrations.js';

let world: PersonnelWorld;
let facilities: string[];
/** A facility in Nordrhein-Westfalen at which no other test employs anybody. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', 100);
});
afterAll(() => world.close());

const NUMBERS = 'group rostered doublyCommitted withdrawable effective modelled';

async function atFacility(facility: string, phase: string, who?: TestIdentity) {
  const { data, errors } = await world.request(
    `query ($of: [_Any!]!, $phase: Phase!) { _entities(representations: $of) { ... on Facility {
      staffing(phase: $phase) { ${NUMBERS} } staffedBeds(phase: $phase) { category operable beds modelled } } } }`,
    { of: [{ __typename: 'Facility', id: facility }], phase },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data._entities[0];
}

async function overview(area: string, phase: string, who?: TestIdentity) {
  const { data, errors } = await world.request(
    `query ($area: String!, $phase: Phase!) { staffing(area: $area, phase: $phase) {
      total { ${NUMBERS} } laender: regions(level: LAND) { region { code } groups { ${NUMBERS} } }
      kreise: regions(level: KREIS) { region { code } groups { ${NUMBERS} } }
      facilities(first: 2) { totalCount nodes { facility { id } groups { ${NUMBERS} } } pageInfo { hasNextPage endCursor } } } }`,
    { area, phase },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.staffing;
}

test('9 of 40 nurses taken in the alliance case leave 17 of 22 beds, and all of them come back in everyday work', async () => {
  const facility = newFacility();
  await addStaff(world, facility, 40, {
    also: [
      ...Array(3).fill('THW'),
      ...Array(4).fill('FIRE_BRIGADE'),
      ...Array(2).fill('BUNDESWEHR_RESERVE'),
    ],
  });
  await setOperable(world, facility, 'ICU_HIGH_CARE', 22);
  expect(await atFacility(facility, 'ALLIANCE_CASE', hospital(facility))).toEqual({
    staffing: [
      {
        group: 'INTENSIVE_CARE_NURSE',
        rostered: 40,
        doublyCommitted: 9,
        withdrawable: 9,
        effective: 31,
        modelled: 0,
      },
    ],
    staffedBeds: [{ category: 'ICU_HIGH_CARE', operable: 22, beds: 17, modelled: false }],
  });
  const everyday = await atFacility(facility, 'EVERYDAY', hospital(facility));
  expect(everyday.staffing[0]).toMatchObject({ effective: 40, withdrawable: 0 });
  expect(everyday.staffedBeds[0].beds).toBe(22);
  // Reservists stay in a catastrophe.
  const catastrophe = await atFacility(facility, 'CATASTROPHE', hospital(facility));
  expect(catastrophe.staffing[0]).toMatchObject({ effective: 33, withdrawable: 7 });
});

test('a person with two employers is effective at the main one alone', async () => {
  const [main, side] = [newFacility(), newFacility()];
  await addPerson(world, {
    commitments: [
      { kind: 'MAIN_EMPLOYER', facility: main },
      { kind: 'SIDE_JOB', facility: side },
    ],
  });
  const mainStaff = (await atFacility(main, 'EVERYDAY')).staffing[0];
  const sideStaff = (await atFacility(side, 'EVERYDAY', hospital(side))).staffing[0];
  expect(mainStaff).toMatchObject({ rostered: 1, effective: 1 });
  expect(sideStaff).toMatchObject({
    rostered: 1,
    effective: 0,
    withdrawable: 0,
    doublyCommitted: 1,
  });
});

test('two records of one person, registered by two employers, count once', async () => {
  const [one, other] = [newFacility(), newFacility()];
  const person = randomUUID();
  for (const facility of [one, other]) {
    await addPerson(world, { person, commitments: [{ kind: 'MAIN_EMPLOYER', facility }] });
  }
  const effective = await Promise.all(
    [one, other].map(async (id) => (await atFacility(id, 'EVERYDAY')).staffing[0].effective),
  );
  expect(effective.sort()).toEqual([0, 1]);
});

test('a commitment that has ended, or has not begun, binds nobody', async () => {
  const facility = newFacility();
  const tomorrow = new Date(world.clock.now.getTime() + DAY_MS);
  await addPerson(world, {
    commitments: [
      { kind: 'MAIN_EMPLOYER', facility },
      { kind: 'THW', from: tomorrow },
    ],
  });
  const ended = await addPerson(world, {
    commitments: [{ kind: 'MAIN_EMPLOYER', facility }, { kind: 'THW' }],
  });
  await world.pool.query(
    `UPDATE commitment SET ended_at = $2 WHERE professional_id = $1 AND kind = 'THW'`,
    [ended, world.clock.now],
  );
  const { staffing } = await atFacility(facility, 'CATASTROPHE', hospital(facility));
  expect(staffing[0]).toMatchObject({ effective: 2 });
});

test('beds of staff that is only modelled are marked as a what-if', async () => {
  const facility = newFacility();
  await addPerson(world, {
    commitments: [{ kind: 'MAIN_EMPLOYER', facility }, { kind: 'THW' }],
    method: 'MODELLED',
  });
  await setOperable(world, facility, 'ICU_LOW_CARE', 8);
  const { staffing, staffedBeds } = await atFacility(facility, 'CATASTROPHE', hospital(facility));
  expect(staffing[0]).toMatchObject({ modelled: 1, effective: 0 });
  expect(staffedBeds).toEqual([{ category: 'ICU_LOW_CARE', operable: 8, beds: 0, modelled: true }]);
});

test('crisis staff see who is rostered and effective in steps of five, and not who is bound elsewhere', async () => {
  const facility = newFacility();
  await addStaff(world, facility, 6, { also: Array(6).fill('THW') });
  const who = { role: 'crisis-staff', areas: ['05'] };
  expect((await atFacility(facility, 'CATASTROPHE', who)).staffing).toEqual([
    {
      group: 'INTENSIVE_CARE_NURSE',
      rostered: 6,
      effective: 1,
      modelled: 0,
      doublyCommitted: null,
      withdrawable: null,
    },
  ]);
});

test.each([
  ['crisis staff of another Land', { role: 'crisis-staff', areas: ['09'] }],
  ['another hospital', { role: 'hospital', facilities: [randomUUID()] }],
  ['a hospital whose token names the area', { role: 'hospital', areas: ['05'] }],
])('%s sees no staff and no beds of a facility', async (_, who) => {
  const facility = newFacility();
  await addStaff(world, facility, 1);
  await setOperable(world, facility, 'ICU_LOW_CARE', 8);
  expect(await atFacility(facility, 'EVERYDAY', who)).toEqual({
    staffing: null,
    staffedBeds: null,
  });
});

test('a chamber sees sums of Länder, and neither Kreise nor facilities', async () => {
  await addStaff(world, newFacility(), 1);
  const who = { role: 'chamber', areas: ['05'] };
  const { total, laender, kreise, facilities: seen } = await overview('', 'EVERYDAY', who);
  expect(total[0].rostered).toBeGreaterThan(0);
  expect(laender.map((one: { region: { code: string } }) => one.region.code)).toEqual(['05']);
  expect(kreise).toBeNull();
  expect(seen).toMatchObject({ totalCount: 0, nodes: [] });
  expect(await overview('05315', 'EVERYDAY', who)).toMatchObject({ total: null, laender: null });
});

test('a number of people bound elsewhere below 5 is shown for no area', async () => {
  const [facility] = await facilitiesIn(world, '09', 1);
  await addStaff(world, facility!, 8, { also: Array(4).fill('THW') });
  const sums = async () => (await overview('09', 'CATASTROPHE')).total[0];
  expect(await sums()).toMatchObject({ rostered: 8, withdrawable: null, doublyCommitted: null });
  await addStaff(world, facility!, 1, { also: ['FIRE_BRIGADE'] });
  expect(await sums()).toMatchObject({ rostered: 9, withdrawable: 5, doublyCommitted: null });
});

test('the facilities of an overview come page by page', async () => {
  const [one, two, three] = [newFacility(), newFacility(), newFacility()];
  for (const facility of [one, two, three]) await addStaff(world, facility, 1);
  const who = { role: 'hospital', facilities: [one, two, three] };
  const page = (await overview('05', 'EVERYDAY', who)).facilities;
  expect(page).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  const { data } = await world.request(
    `query ($after: String) { staffing(area: "05", phase: EVERYDAY) { facilities(first: 2, after: $after) {
      nodes { facility { id } } pageInfo { hasNextPage } } } }`,
    { after: page.pageInfo.endCursor },
    who,
  );
  const ids = [...page.nodes, ...data.staffing.facilities.nodes].map(
    (node: { facility: { id: string } }) => node.facility.id,
  );
  expect(ids).toEqual([one, two, three].sort());
  expect(data.staffing.facilities.pageInfo.hasNextPage).toBe(false);
});

test('a partner gets nothing', async () => {
  const { errors } = await world.request(
    '{ staffing(area: "", phase: EVERYDAY) { area } }',
    {},
    { role: 'partner' },
  );
  expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});
