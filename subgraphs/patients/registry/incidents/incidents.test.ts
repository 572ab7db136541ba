import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import {
  patientsWorld,
  type PatientsWorld,
  type TestIdentity,
} from '../../testing/patients-world.js';
import {
  casualty,
  COLOGNE,
  declaration,
  DISPATCH,
  ELSEWHERE,
  MUNICH,
  newIncident,
  newKey,
  register,
  STAFF,
} from '../../testing/casualties.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());

const LAND_STAFF: TestIdentity = {
  role: 'crisis-staff',
  areas: ['05'],
  subject: 'officer of the Land',
};

const INCIDENT = `id name hazard position { latitude longitude } area region { code } leadingArea status estimatedCasualties declaredAt closedAt
  sections { id name kind openedAt position { latitude longitude } } timeline { kind at by text } casualties { category count }
  remaining { atScene onTheWay }`;

const read = async (id: string, who: TestIdentity = DISPATCH) =>
  (await world.request(`query ($id: ID!) { incident(id: $id) { ${INCIDENT} } }`, { id }, who)).data
    .incident;

/** Facts that some refusals have beside their message. */
const FACTS: Record<string, string> = {
  openSection: '... on SectionExists { section { id name } }',
  escalateIncident: '... on NotWider { leadingArea given }',
};
const change = (field: string, type: string, input: object, who: TestIdentity = DISPATCH) =>
  world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) {
      __typename ... on Incident { ${INCIDENT} } ... on Refusal { message } ${FACTS[field] ?? ''} } }`,
    { input },
    who,
  );
const declare = (over: object, who: TestIdentity = DISPATCH) =>
  change('declareIncident', 'DeclareIncidentInput', declaration(over), who);
const openSection = (incident: string, over: object = {}, who: TestIdentity = DISPATCH) =>
  change(
    'openSection',
    'OpenSectionInput',
    { incident, name: 'BHP 1', kind: 'TREATMENT', idempotencyKey: newKey(), ...over },
    who,
  );
const estimate = (incident: string, estimatedCasualties: number, who: TestIdentity = DISPATCH) =>
  change('updateEstimate', 'UpdateEstimateInput', { incident, estimatedCasualties }, who);
const escalate = (incident: string, leadingArea: string, who: TestIdentity = DISPATCH) =>
  change(
    'escalateIncident',
    'EscalateIncidentInput',
    { incident, leadingArea, reason: 'beyond our means' },
    who,
  );
const close = (incident: string, who: TestIdentity = DISPATCH, reason = 'all transported') =>
  change('closeIncident', 'CloseIncidentInput', { incident, reason }, who);

test('a declared incident is led by its Kreis, open, and has its declaration in the timeline', async () => {
  const { data } = await declare({ estimatedCasualties: 40 });
  expect(data.declareIncident).toMatchObject({
    __typename: 'Incident',
    name: 'Train accident',
    hazard: 'MASS_CASUALTY',
    position: { latitude: 50.94, longitude: 6.96 },
    area: COLOGNE,
    region: { code: COLOGNE },
    leadingArea: COLOGNE,
    status: 'OPEN',
    estimatedCasualties: 40,
    declaredAt: world.clock.now.toISOString(),
    closedAt: null,
    sections: [],
    timeline: [{ kind: 'DECLARED', by: 'dispatcher', text: 'Declared: Train accident.' }],
    remaining: { atScene: 0, onTheWay: 0 },
  });
});

test('declaring twice with one key is one incident; with other input it is refused', async () => {
  const input = declaration();
  const send = (over = {}) =>
    change('declareIncident', 'DeclareIncidentInput', { ...input, ...over });
  const [first, second] = [await send(), await send()];
  expect(second.data.declareIncident.id).toBe(first.data.declareIncident.id);
  expect((await send({ name: 'Other' })).data.declareIncident.__typename).toBe(
    'IdempotencyKeyReused',
  );
});

test.each([
  ['no name', { name: ' ' }, 'name'],
  ['a Land for a Kreis', { area: '05' }, 'area'],
  ['a point off the globe', { position: { latitude: 91, longitude: 7 } }, 'latitude'],
  ['a point beyond the date line', { position: { latitude: 50, longitude: 181 } }, 'longitude'],
  ['a negative estimate', { estimatedCasualties: -1 }, 'estimatedCasualties'],
])('a declaration with %s is refused with what is wrong', async (_, over, word) => {
  const { errors } = await declare(over);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors![0]!.message).toContain(word);
});

test('the estimate, a section and the closing stand in the timeline, with who and when', async () => {
  const id = await newIncident(world);
  world.later(5);
  await estimate(id, 120);
  await openSection(id);
  await register(world, { incident: id }, [casualty(), casualty()]);
  await escalate(id, '05');
  const { data } = await close(id, LAND_STAFF);
  expect(data.closeIncident).toMatchObject({
    status: 'CLOSED',
    estimatedCasualties: 120,
    leadingArea: '05',
    closedAt: world.clock.now.toISOString(),
    sections: [{ name: 'BHP 1', kind: 'TREATMENT', position: null }],
    remaining: { atScene: 2, onTheWay: 0 },
  });
  expect(
    data.closeIncident.timeline.map(({ kind, by, text }: Record<string, string>) => [
      kind,
      by,
      text,
    ]),
  ).toEqual([
    ['DECLARED', 'control room', 'Declared: Train accident.'],
    ['ESTIMATED', 'dispatcher', '120 casualties expected.'],
    ['SECTION_OPENED', 'dispatcher', 'Section opened: BHP 1.'],
    ['CASUALTIES_REGISTERED', 'dispatcher', '2 casualties registered.'],
    ['ESCALATED', 'dispatcher', 'Led by 05 from now on: beyond our means'],
    ['CLOSED', 'officer of the Land', 'Closed: all transported'],
  ]);
});

test('a section may lie elsewhere than the incident, somewhere on earth', async () => {
  const id = await newIncident(world);
  const position = { latitude: 50.9, longitude: 7.1 };
  await openSection(id, { position });
  await openSection(id, { name: 'BHP 2' });
  expect((await read(id)).sections).toEqual([
    expect.objectContaining({ name: 'BHP 1', position }),
    expect.objectContaining({ name: 'BHP 2', position: null }),
  ]);
  const beyond = { name: 'BHP 3', position: { latitude: 91, longitude: 7 } };
  const { errors } = await openSection(id, beyond);
  expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(errors![0]!.message).toContain('received 91');
});

test('a second section of one name is refused with the first', async () => {
  const id = await newIncident(world);
  const section = (await openSection(id)).data.openSection.sections[0];
  const { data } = await openSection(id);
  expect(data.openSection).toMatchObject({
    __typename: 'SectionExists',
    section: { id: section.id, name: 'BHP 1' },
  });
  const alike = await openSection(id, { name: 'BHP\u00a0\u200b1' });
  expect(alike.data.openSection).toMatchObject({ section: { id: section.id } });
});

test('opening a section twice with one key is one section; with other input it is refused', async () => {
  const id = await newIncident(world);
  const idempotencyKey = newKey();
  await openSection(id, { idempotencyKey });
  expect((await openSection(id, { idempotencyKey })).data.openSection.sections).toHaveLength(1);
  const other = await openSection(id, { idempotencyKey, name: 'BHP 2' });
  expect(other.data.openSection.__typename).toBe('IdempotencyKeyReused');
});

test('the lead goes up only, and then the wider area leads', async () => {
  const id = await newIncident(world);
  for (const area of [COLOGNE, MUNICH, '09', '05314']) {
    const { data } = await escalate(id, area);
    expect(data.escalateIncident).toMatchObject({
      __typename: 'NotWider',
      leadingArea: COLOGNE,
      given: area,
    });
  }
  expect((await escalate(id, '053')).data.escalateIncident.leadingArea).toBe('053');
  expect((await escalate(id, '')).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect((await close(id)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect((await escalate(id, '', LAND_STAFF)).data.escalateIncident.leadingArea).toBe('');
});

test('the staff that hand over the lead still work at the scene', async () => {
  const id = await newIncident(world);
  await escalate(id, '05');
  expect((await openSection(id)).data.openSection.__typename).toBe('Incident');
  expect((await estimate(id, 7)).data.updateEstimate.estimatedCasualties).toBe(7);
});

test('nothing is done with a closed incident', async () => {
  const id = await newIncident(world);
  await close(id);
  const outcomes = [
    await estimate(id, 1),
    await openSection(id),
    await escalate(id, '05'),
    await close(id, DISPATCH, 'everybody went home'),
  ];
  for (const { data } of outcomes) {
    expect(Object.values(data)).toMatchObject([{ __typename: 'IncidentEnded' }]);
  }
});

test('an estimate, an escalation and a closing that are sent again change nothing and publish nothing', async () => {
  const id = await newIncident(world);
  for (const act of [() => estimate(id, 7), () => escalate(id, '05')]) {
    const first = await act();
    const [entries, events] = [(await read(id)).timeline, await world.eventCount()];
    world.later(1);
    expect(await act()).toEqual(first);
    expect((await read(id)).timeline).toEqual(entries);
    expect(await world.eventCount()).toBe(events);
  }
  const ended = await close(id, LAND_STAFF);
  const events = await world.eventCount();
  expect(ended.data.closeIncident).toMatchObject({ status: 'CLOSED' });
  expect(await close(id, LAND_STAFF)).toEqual(ended);
  expect(await world.eventCount()).toBe(events);
});

test('an estimate is not a repetition after another one', async () => {
  const id = await newIncident(world);
  await estimate(id, 7);
  await estimate(id, 9, LAND_STAFF);
  expect((await estimate(id, 7)).data.updateEstimate.estimatedCasualties).toBe(7);
});

test('an unknown incident is refused, whatever is wanted of it', async () => {
  for (const id of [UNKNOWN_ID, 'nobody']) {
    const outcomes = [
      await estimate(id, 1),
      await openSection(id),
      await escalate(id, '05'),
      await close(id),
    ];
    for (const { data } of outcomes) {
      expect(Object.values(data)).toMatchObject([{ __typename: 'UnknownIncident' }]);
    }
    expect(await read(id)).toBeNull();
  }
});

test('only staff of the area may act, and hospitals, offices and SPoCs nowhere', async () => {
  const id = await newIncident(world);
  const others: TestIdentity[] = [
    ELSEWHERE,
    { role: 'hospital' },
    { role: 'health-office', areas: [COLOGNE] },
    { role: 'spoc', areas: ['05'] },
  ];
  for (const who of others) {
    const responses = [
      await declare({}, who),
      await estimate(id, 1, who),
      await openSection(id, {}, who),
      await escalate(id, '05', who),
      await close(id, who),
    ];
    for (const { errors } of responses) {
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  }
});

test.each([
  ['an estimate below 0', (id: string) => estimate(id, -1)],
  ['a section without a name', (id: string) => openSection(id, { name: '' })],
  ['a lead that is no area', (id: string) => escalate(id, '5')],
  [
    'an end without a reason',
    (id: string) => change('closeIncident', 'CloseIncidentInput', { incident: id, reason: ' ' }),
  ],
])('%s is a fault of the caller', async (_, act) => {
  const { errors } = await act(await newIncident(world));
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('one of two concurrent closings succeeds, and the other is refused', async () => {
  const id = await newIncident(world);
  const outcomes = await Promise.all([close(id), close(id, STAFF)]);
  expect(outcomes.map(({ data }) => data.closeIncident.__typename).sort()).toEqual([
    'Incident',
    'IncidentEnded',
  ]);
});

describe('the list', () => {
  const list = (variables: object, who: TestIdentity = DISPATCH) =>
    world.request(
      `query ($filter: IncidentFilter, $first: Int, $after: String) {
        incidents(filter: $filter, first: $first, after: $after) {
          totalCount edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
      variables,
      who,
    );

  test('has every incident once, newest first, page by page', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      if (n % 2 === 0) world.later(1);
      made.push(await newIncident(world, { hazard: 'FLOOD', area: '14612' }));
    }
    const filter = { area: '14', hazards: ['FLOOD'], status: 'OPEN' };
    const found: string[] = [];
    let after: string | null = null;
    do {
      const { data }: { data: any } = await list({ filter, first: 2, after });
      expect(data.incidents.totalCount).toBe(5);
      expect(data.incidents.pageInfo.hasPreviousPage).toBe(after !== null);
      found.push(...data.incidents.nodes.map(({ id }: { id: string }) => id));
      after = data.incidents.pageInfo.hasNextPage ? data.incidents.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found).toHaveLength(5);
    expect([...found].sort()).toEqual([...made].sort());
    expect(found[0]).toBe(made[4]);
  });

  test('is narrowed by area, hazard and status', async () => {
    const open = await newIncident(world, { area: '16051', hazard: 'HEAT' });
    const closed = await newIncident(world, { area: '16051', hazard: 'CBRN' });
    await close(closed, { role: 'dispatch', areas: ['16'] });
    const ids = async (filter: object) =>
      (await list({ filter })).data.incidents.nodes.map(({ id }: { id: string }) => id);
    expect(await ids({ area: '16', status: 'OPEN' })).toEqual([open]);
    expect(await ids({ area: '16', status: 'CLOSED' })).toEqual([closed]);
    expect(await ids({ area: '16', hazards: ['CBRN'] })).toEqual([closed]);
    expect(await ids({ area: '15' })).toEqual([]);
  });

  test.each([
    ['a page above 500', { first: 501 }, 'TOO_MUCH'],
    ['a page of no length', { first: 0 }, 'BAD_USER_INPUT'],
    ['an area that is none', { filter: { area: 'NRW' } }, 'BAD_USER_INPUT'],
    ['a cursor that is none', { after: 'tomorrow' }, 'BAD_USER_INPUT'],
    [
      'a cursor of something else',
      { after: Buffer.from('[1,"x"]').toString('base64url') },
      'BAD_USER_INPUT',
    ],
  ])('refuses %s', async (_, variables, code) => {
    expect((await list(variables)).errors).toMatchObject([{ extensions: { code } }]);
  });

  test('is for roles that see incidents', async () => {
    const { errors } = await list({}, { role: 'partner' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('another subgraph gets an incident by its id, and nothing for an unknown one', async () => {
  const id = await newIncident(world);
  const refs = [
    { __typename: 'Incident', id },
    { __typename: 'Incident', id: UNKNOWN_ID },
  ];
  const { data } = await world.request(
    'query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Incident { id area } } }',
    { refs },
  );
  expect(data._entities).toEqual([{ id, area: COLOGNE }, null]);
});
