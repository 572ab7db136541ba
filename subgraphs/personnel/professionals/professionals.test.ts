import { randomUUID } from 'node:crypto';
import { eachOnce } from '../../../shared/testing/each-once.js';
import { chambersOfProfession } from '../testing/chambers.js';
import { facilitiesIn } from '../testing/people.js';
import {
  personnelWorld,
  type PersonnelWorld,
  type TestIdentity,
} from '../testing/personnel-world.js';
import {
  chamber,
  firm,
  hospital,
  KASSEL,
  newIdentity,
  NURSE,
  PARAMEDIC,
  person,
  PHYSICIAN,
  professionalInput,
  read,
  register,
  registered,
} from '../testing/registrations.js';

const [PHYSICIANS, OTHER_PHYSICIANS] = chambersOfProfession(PHYSICIAN) as [string, string];
const [DENTISTS] = chambersOfProfession('1.2.276.0.76.4.31') as [string];

let world: PersonnelWorld;
let facilities: string[];
const newFacility = eachOnce(() => facilities);
beforeAll(async () => {
  world = await personnelWorld();
  facilities = await facilitiesIn(world, '05', 60);
});
afterAll(() => world.close());

const rosteredAt = async (facility: string) => {
  const { data } = await world.request(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Facility { staffing(phase: EVERYDAY) { group rostered effective } } } }`,
    { of: [{ __typename: 'Facility', id: facility }] },
    hospital(facility),
  );
  return data._entities[0].staffing;
};
const list = async (who: TestIdentity, filter: object = {}) => {
  const { data, errors } = await world.request(
    `query ($filter: ProfessionalFilter) { professionals(filter: $filter, first: 3) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`,
    { filter },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.professionals;
};
const codeOf = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
  errors?.[0]?.extensions.code;

describe('a registration by an employer', () => {
  test('counts the person at the facility, and shows the facility who it is', async () => {
    const facility = newFacility();
    const identity = {
      ...newIdentity(),
      birthName: 'Gabler',
      phone: '0221 1234',
      registryNumber: { kind: 'LANR', number: '123456701' },
    };
    const qualifications = [
      { profession: PHYSICIAN, specialty: 'Anästhesiologie', chamber: PHYSICIANS },
    ];
    const id = await registered(world, { facility, identity, qualifications, group: 'PHYSICIAN' });
    expect(await rosteredAt(facility)).toEqual([{ group: 'PHYSICIAN', rostered: 1, effective: 1 }]);
    expect(await read(world, id, hospital(facility))).toEqual({
      id,
      homeArea: '05315',
      isSelfRegistered: false,
      facility: { id: facility },
      organisationId: null,
      identity,
      qualifications: [
        {
          profession: { oid: PHYSICIAN, name: 'Ärztin/Arzt' },
          specialty: 'Anästhesiologie',
          chamber: { name: expect.stringContaining('Ärztekammer') },
        },
      ],
      possibleDuplicates: null,
    });
  });

  test('leaves no name in the database that can be read', async () => {
    const facility = newFacility();
    const identity = { ...newIdentity(), familyName: 'Unverkennbar', birthPlace: 'Nirgendheim' };
    await registered(world, { facility, identity });
    const { rows: tables } = await world.pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    for (const { name } of tables) {
      const { rows } = await world.pool.query(
        `SELECT 1 FROM "${name}" t WHERE t::text ILIKE '%unverkennbar%' OR t::text ILIKE '%nirgendheim%'
           OR t::text LIKE '%' || encode('Unverkennbar', 'hex') || '%'`,
      );
      expect({ name, rows }).toEqual({ name, rows: [] });
    }
  });

  test('is for the employer alone', async () => {
    const [facility, other] = [newFacility(), newFacility()];
    const input = professionalInput(world, { facility });
    for (const who of [hospital(other), firm(randomUUID()), { role: 'service', areas: [''] }]) {
      expect(codeOf(await register(world, input, who))).toBe('FORBIDDEN');
    }
    for (const role of ['crisis-staff', 'dispatch', 'chamber', 'partner']) {
      expect(codeOf(await register(world, input, { role, areas: [''] }))).toBe('FORBIDDEN');
    }
    expect(await rosteredAt(facility)).toEqual([]);
  });

  test('of a person whom it registered before is refused with the record', async () => {
    const facility = newFacility();
    const identity = newIdentity();
    const id = await registered(world, { facility, identity });
    const again = { ...identity, familyName: identity.familyName.toUpperCase() };
    const input = professionalInput(world, { facility, identity: again });
    const { data } = await register(world, input, hospital(facility));
    expect(data.registerProfessional).toMatchObject({
      __typename: 'ProfessionalExists',
      professionalId: id,
    });
    expect(await rosteredAt(facility)).toMatchObject([{ rostered: 1 }]);
  });

  test('that is repeated with its key is done once', async () => {
    const facility = newFacility();
    const input = professionalInput(world, { facility });
    const key = randomUUID();
    const first = await register(world, input, hospital(facility), key);
    const before = await world.eventCount();
    expect(await register(world, input, hospital(facility), key)).toEqual(first);
    const other = professionalInput(world, { facility });
    const reused = await register(world, other, hospital(facility), key);
    expect(reused.data.registerProfessional.__typename).toBe('IdempotencyKeyReused');
    expect(await world.eventCount()).toBe(before);
  });

  test.each([
    ['InvalidProfessional', { identity: { ...newIdentity(), birthDate: '2040-01-01' } }],
    ['UnknownArea', { homeArea: '05999' }],
    ['InvalidProfessional', { homeArea: '05' }],
    ['UnknownProfession', { qualifications: [{ profession: '1.2.3' }] }],
    ['UnknownChamber', { qualifications: [{ profession: PHYSICIAN, chamber: randomUUID() }] }],
    ['ForeignChamber', { qualifications: [{ profession: PHYSICIAN, chamber: DENTISTS }] }],
  ])('is refused as %s: %j', async (refusal, over) => {
    const facility = newFacility();
    const before = await world.eventCount();
    const input = professionalInput(world, { facility, ...over });
    const { data } = await register(world, input, hospital(facility));
    expect(data.registerProfessional).toMatchObject({
      __typename: refusal,
      message: expect.stringMatching(/\. /),
    });
    expect(await world.eventCount()).toBe(before);
    expect(await rosteredAt(facility)).toEqual([]);
  });

  test('at a facility that does not exist is refused', async () => {
    const facility = randomUUID();
    const { data } = await register(
      world,
      professionalInput(world, { facility }),
      hospital(facility),
    );
    expect(data.registerProfessional.__typename).toBe('UnknownFacility');
  });
});

describe('a registration by the person', () => {
  test('names an employer, who sees it, and changes no number of theirs', async () => {
    const facility = newFacility();
    const who = { ...person(), subject: randomUUID() };
    const id = await registered(world, { facility }, who);
    expect(await rosteredAt(facility)).toEqual([]);
    expect(await read(world, id, hospital(facility))).toMatchObject({ isSelfRegistered: true });
    expect(await read(world, id, person(id))).toMatchObject({ id, possibleDuplicates: [] });
    expect(await read(world, id, who)).toBeNull();
  });

  test('is possible without an employer, as for retired people', async () => {
    const who = { ...person(), subject: randomUUID() };
    const id = await registered(world, {}, who);
    expect(await read(world, id, person(id))).toMatchObject({
      facility: null,
      organisationId: null,
    });
  });

  test('is one record: a second one is refused', async () => {
    const identity = newIdentity();
    const who = { ...person(), subject: randomUUID() };
    const id = await registered(world, { identity }, who);
    const { data } = await register(world, professionalInput(world, { identity }), who);
    expect(data.registerProfessional).toMatchObject({ professionalId: id });
  });
});

describe('a professional', () => {
  test('is seen by their employer, chamber, health office and themselves, and reads as missing for all others', async () => {
    const [facility, other, organisation] = [newFacility(), newFacility(), randomUUID()];
    const physician = await registered(world, {
      facility,
      qualifications: [{ profession: PHYSICIAN, chamber: PHYSICIANS }],
    });
    const paramedic = await registered(world, {
      organisation,
      homeArea: KASSEL,
      qualifications: [{ profession: PARAMEDIC }, { profession: NURSE }],
    });
    const office: TestIdentity = { role: 'health-office', areas: ['06'] };
    const callers = [
      hospital(facility),
      hospital(other),
      firm(organisation),
      chamber(PHYSICIANS),
      chamber(OTHER_PHYSICIANS),
      office,
      { role: 'health-office', areas: ['05'] },
      { role: 'chamber', areas: [''] },
      { role: 'supplier', areas: [''], organisations: [PHYSICIANS] },
      person(physician),
      person(paramedic),
      person(),
    ];
    const sees = async (id: string) =>
      Promise.all(callers.map(async (who) => (await read(world, id, who)) !== null));
    expect((await sees(physician)).flatMap((is, n) => (is ? [n] : []))).toEqual([0, 3, 9]);
    expect((await sees(paramedic)).flatMap((is, n) => (is ? [n] : []))).toEqual([2, 5, 10]);
    expect(await read(world, randomUUID(), hospital(facility))).toBeNull();
    expect(await read(world, 'x', hospital(facility))).toBeNull();
  });

  test('is listed, counted and paged for those who see them', async () => {
    const facility = newFacility();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      ids.push(await registered(world, { facility, homeArea: n < 2 ? KASSEL : '05315' }));
      world.later(1);
    }
    const page = await list(hospital(facility));
    expect(page).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    expect(page.nodes.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2).reverse());
    const { data } = await world.request(
      'query ($after: String) { professionals(after: $after) { nodes { id } } }',
      { after: page.pageInfo.endCursor },
      hospital(facility),
    );
    expect(data.professionals.nodes.map(({ id }: { id: string }) => id)).toEqual(
      ids.slice(0, 2).reverse(),
    );
    expect(await list(hospital(facility), { area: '06' })).toMatchObject({ totalCount: 2 });
    expect(await list(hospital(facility), { profession: PHYSICIAN })).toMatchObject({
      totalCount: 0,
    });
    expect(await list(hospital(newFacility()), { facility })).toMatchObject({ totalCount: 0 });
  });
});

describe('a bulk', () => {
  const BULK = `mutation ($input: RegisterProfessionalsInput!) { registerProfessionals(input: $input) {
    __typename ... on RegisteredProfessionals { outcomes { __typename ... on ProfessionalRegistered { professionalId registeredAt }
      ... on InvalidProfessional { field } ... on ProfessionalExists { professionalId } ... on InvalidText { field } ... on UnknownProfession { professionCode } } } } }`;

  test('registers what it can and says of each what became of it, once per key', async () => {
    const [facility, other] = [newFacility(), newFacility()];
    const identity = newIdentity();
    const professionals = [
      professionalInput(world, { facility, identity }),
      professionalInput(world, { facility, homeArea: '05999' }),
      professionalInput(world, { facility, qualifications: [{ profession: 'Erika Unbekannt' }] }),
      professionalInput(world, { facility: other }),
      professionalInput(world, { facility, identity }),
      professionalInput(world, { facility, identity: { ...newIdentity(), givenName: '\u0000' } }),
      professionalInput(world, { facility }),
    ];
    const input = { professionals, idempotencyKey: randomUUID() };
    const before = await world.eventCount();
    const first = await world.request(BULK, { input }, hospital(facility));
    const outcomes = first.data.registerProfessionals.outcomes;
    expect(outcomes.map((one: any) => one?.__typename ?? null)).toEqual([
      'ProfessionalRegistered',
      'UnknownArea',
      'UnknownProfession',
      null,
      'ProfessionalExists',
      'InvalidText',
      'ProfessionalRegistered',
    ]);
    expect(outcomes[4].professionalId).toBe(outcomes[0].professionalId);
    expect(first.errors).toMatchObject([
      { path: ['registerProfessionals', 'outcomes', 3], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await rosteredAt(facility)).toMatchObject([{ rostered: 2 }]);
    expect(await world.eventCount()).toBe(before + 1);
    const second = await world.request(BULK, { input }, hospital(facility));
    expect(second.data).toEqual(first.data);
    const { rows } = await world.pool.query(
      `SELECT FROM idempotent_call WHERE result::text LIKE '%Unbekannt%'`,
    );
    expect(rows).toEqual([]);
    expect(await rosteredAt(facility)).toMatchObject([{ rostered: 2 }]);
  });

  test('of 1,001 is refused as a whole', async () => {
    const facility = newFacility();
    const professionals = Array(1_001).fill(professionalInput(world, { facility }));
    const input = { professionals, idempotencyKey: randomUUID() };
    expect(codeOf(await world.request(BULK, { input }, hospital(facility)))).toBe('TOO_MUCH');
  });
});

test('subscribers receive the staff of their own facility after a registration, and of no other', async () => {
  const [facility, other] = [newFacility(), newFacility()];
  const watching = (who: TestIdentity) =>
    world.watch(
      'subscription { staffingChanged(phase: ALLIANCE_CASE) { caughtUp staffing { facility { id } groups { rostered effective } } } }',
      {},
      who,
    );
  const watches = [await watching(hospital(facility)), await watching(hospital(other))];
  await registered(world, { facility });
  await registered(world, { facility: other });
  for (const [n, id] of [facility, other].entries()) {
    const { value } = await watches[n]!.next();
    expect(value.data.staffingChanged).toEqual({
      caughtUp: false,
      staffing: { facility: { id }, groups: [{ rostered: 1, effective: 1 }] },
    });
  }
  await Promise.all(watches.map((one) => one.return!()));
});
