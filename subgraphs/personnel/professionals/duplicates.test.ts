import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { chambersOfProfession } from '../testing/chambers.js';
import { facilitiesIn } from '../testing/people.js';
import { personnelWorld, type PersonnelWorld } from '../testing/personnel-world.js';
import {
  chamber,
  decide,
  firm,
  hospital,
  newIdentity,
  person,
  PHYSICIAN,
  professionalInput,
  read,
  register,
  registered,
  totals,
} from '../testing/registrations.js';

const [PHYSICIANS, OTHERS] = chambersOfProfession(PHYSICIAN) as [string, string];

let world: PersonnelWorld;
let facilities: string[];
const newFacility = eachOnce(() => facilities);
beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', 80);
});
afterAll(() => world.close());
beforeEach(() =>
  world.pool.query('TRUNCATE professional, commitment, qualification, possible_duplicate'),
);

const physician = (chamberId = PHYSICIANS) => [{ profession: PHYSICIAN, chamber: chamberId }];

/** Two records of one identity at two facilities, and the possible duplicate that they are. */
async function twice(over: object = {}, at = [newFacility(), newFacility()]) {
  const identity = newIdentity();
  const [facility, other] = at as [string, string];
  const options = { identity, qualifications: physician(), ...over };
  const id = await registered(world, { facility, ...options });
  const second = await registered(world, { facility: other, isSideJob: true, ...options });
  const { possibleDuplicates } = await read(world, id, person(id));
  expect(possibleDuplicates).toHaveLength(1);
  return { facility, other, id, second, identity, duplicate: possibleDuplicates[0].id as string };
}

test('a person whom two facilities register counts once, and is unconfirmed', async () => {
  const { id, second } = await twice();
  expect(await totals(world)).toEqual({ rostered: 2, effective: 1, unconfirmed: 0 });
  expect(await read(world, second, person(second))).toMatchObject({
    possibleDuplicates: [{ ground: 'NAME', isSame: null, otherId: null }],
  });
  expect(await read(world, id, chamber(PHYSICIANS))).toMatchObject({
    possibleDuplicates: [{ otherId: second }],
  });
});

test('sums say in steps of five how many are unconfirmed, and no facility learns it', async () => {
  const all = [];
  const ofOneKreis = await facilitiesIn(world, '05315', 10);
  for (let n = 0; n < 10; n += 2) all.push(await twice({}, ofOneKreis.slice(n, n + 2)));
  // Each of the five persons has two posts; a facility may know its own.
  expect(await totals(world)).toEqual({ rostered: 10, effective: 5, unconfirmed: 5 });
  const { data } = await world.request(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Facility { staffing(phase: EVERYDAY) { rostered unconfirmed } } } }`,
    { of: [{ __typename: 'Facility', id: all[0]!.facility }] },
    hospital(all[0]!.facility),
  );
  expect(data._entities[0].staffing).toEqual([{ rostered: 1, unconfirmed: null }]);
  for (const { duplicate, id } of all.slice(0, 3)) {
    await decide(world, duplicate, true, person(id));
  }
  expect(await totals(world)).toEqual({ rostered: 10, effective: 5, unconfirmed: 0 });
});

test('a registration has the same response and events whether or not another record exists', async () => {
  const identity = newIdentity();
  const [first, second] = [newFacility(), newFacility()];
  const responses = [];
  for (const facility of [first, second]) {
    const input = professionalInput(world, { facility, identity });
    responses.push(await register(world, input, hospital(facility)));
  }
  const [alone, beside] = responses.map((response) =>
    JSON.stringify(response).replace(/"professionalId":"[^"]+"/, ''),
  );
  expect(beside).toBe(alone);
  const { possibleDuplicates } = await read(
    world,
    responses[1]!.data.registerProfessional.professionalId,
    hospital(second),
  );
  expect(possibleDuplicates).toBeNull();
});

test('names in another spelling, and a name of marriage, are found', async () => {
  const born = { ...newIdentity(), givenName: 'Änne-Marie' };
  const married = {
    ...born,
    givenName: 'AENNE MARIE',
    birthName: born.familyName.toUpperCase(),
    familyName: 'Anders',
  };
  await registered(world, { facility: newFacility(), identity: born });
  await registered(world, { organisation: randomUUID(), identity: married });
  await registered(world, { facility: newFacility(), identity: { ...born, birthPlace: 'Bonn' } });
  const { rows } = await world.pool.query(
    'SELECT count(DISTINCT person)::int AS persons FROM professional',
  );
  expect(rows).toEqual([{ persons: 2 }]);
});

test('a registry number is found beside another name, and connects what names do not', async () => {
  const lanr = (number: string) => ({ registryNumber: { kind: 'LANR', number } });
  const [a, b] = [newIdentity(), newIdentity()];
  const identities = [a, { ...a, ...lanr('123456701') }, { ...b, ...lanr('123456799') }, b];
  for (const identity of identities) {
    await registered(world, { facility: newFacility(), identity });
  }
  expect(await totals(world)).toMatchObject({ rostered: 4, effective: 1 });
  const { rows } = await world.pool.query(
    'SELECT ground::text, count(*)::int FROM possible_duplicate GROUP BY 1 ORDER BY 1',
  );
  expect(rows).toEqual([
    { ground: 'NAME', count: 2 },
    { ground: 'REGISTRY_NUMBER', count: 1 },
  ]);
});

test('records that are found not to be of one person count as two, and again as one when that was wrong', async () => {
  const { duplicate } = await twice();
  const judge = chamber(PHYSICIANS);
  expect(await decide(world, duplicate, false, judge)).toMatchObject({ isSame: false });
  expect(await totals(world)).toMatchObject({ rostered: 2, effective: 2 });
  expect(await decide(world, duplicate, true, judge)).toMatchObject({ isSame: true });
  expect(await totals(world)).toMatchObject({ rostered: 2, effective: 1 });
});

test('a person decides for their own records, and not against the chamber', async () => {
  const { duplicate, id, second } = await twice();
  expect(await decide(world, duplicate, false, person(second))).toMatchObject({ isSame: false });
  expect(await decide(world, duplicate, true, person(id))).toMatchObject({ isSame: true });
  await decide(world, duplicate, true, chamber(PHYSICIANS));
  expect(await decide(world, duplicate, false, person(id))).toMatchObject({
    __typename: 'DuplicateDecided',
    message: expect.stringContaining('Request another decision'),
  });
  expect(await totals(world)).toMatchObject({ effective: 1 });
});

test('nobody else decides, and a hidden duplicate reads as one that does not exist', async () => {
  const { duplicate } = await twice();
  const missing = randomUUID();
  for (const who of [chamber(OTHERS), person(randomUUID()), person()]) {
    const outcomes = await Promise.all(
      [duplicate, missing].map((one) => decide(world, one, false, who)),
    );
    expect(outcomes).toMatchObject([
      { __typename: 'UnknownDuplicate' },
      { __typename: 'UnknownDuplicate' },
    ]);
    expect(outcomes[0].message.replace(duplicate, '')).toBe(
      outcomes[1].message.replace(missing, ''),
    );
  }
  const mixed = await twice();
  const { data, errors } = await world.request(
    `mutation ($input: ConfirmSamePersonInput!) { confirmSamePerson(input: $input) { __typename } }`,
    { input: { duplicate: mixed.duplicate, isSame: false, idempotencyKey: randomUUID() } },
    hospital(mixed.facility),
  );
  expect(data.confirmSamePerson).toBeNull();
  expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
});

test('a chamber that oversees one of two records decides nothing', async () => {
  const identity = newIdentity();
  const [facility, other] = [newFacility(), newFacility()];
  const id = await registered(world, { facility, identity, qualifications: physician() });
  await registered(world, { facility: other, identity, qualifications: physician(OTHERS) });
  const { possibleDuplicates } = await read(world, id, chamber(PHYSICIANS));
  const outcome = await decide(world, possibleDuplicates[0].id, false, chamber(PHYSICIANS));
  expect(outcome).toMatchObject({ __typename: 'UnknownDuplicate' });
});

test('two hundred registrations of twenty people at once leave twenty persons', async () => {
  const identities = Array.from({ length: 20 }, newIdentity);
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const organisation = randomUUID();
      const professionals = identities.map((identity) =>
        professionalInput(world, { organisation, identity }),
      );
      const { data } = await world.request(
        `mutation ($input: RegisterProfessionalsInput!) { registerProfessionals(input: $input) {
          ... on RegisteredProfessionals { outcomes { __typename } } } }`,
        { input: { professionals, idempotencyKey: randomUUID() } },
        firm(organisation),
      );
      expect(data.registerProfessionals.outcomes).toEqual(
        Array(20).fill({ __typename: 'ProfessionalRegistered' }),
      );
    }),
  );
  const { rows } = await world.pool.query(
    'SELECT count(*)::int AS records, count(DISTINCT person)::int AS persons FROM professional',
  );
  expect(rows).toEqual([{ records: 200, persons: 20 }]);
});

test('a decision publishes the numbers of both facilities to them alone, and names no person', async () => {
  const { duplicate, facility, other } = await twice();
  const before = await world.eventCount();
  await decide(world, duplicate, true, chamber(PHYSICIANS));
  const rows = await world.eventsOf({});
  expect(
    rows
      .slice(before)
      .map(({ entity }) => entity)
      .sort(),
  ).toEqual([facility, other].sort());
  expect(rows.slice(before).map(({ topic, tags }) => [topic, tags])).toEqual(
    Array(2).fill(['personnel.staffing-changed', ['cause:BOUND_ELSEWHERE']]),
  );
});
