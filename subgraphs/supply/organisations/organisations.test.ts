import { randomUUID } from 'node:crypto';
import { codesOf } from '../../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { COLOGNE, newOrganisation } from '../testing/organisations.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
afterAll(() => world.close());

const FIELDS = 'id kind name area region { code } position { latitude longitude } registeredAt';

const registration = (changes: object = {}) => ({
  kind: 'WHOLESALER',
  name: `Wholesale ${randomUUID()}`,
  ...COLOGNE,
  idempotencyKey: randomUUID(),
  ...changes,
});

const registerRaw = (input: object, who?: TestIdentity) =>
  world.request(
    `mutation ($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) {
      __typename ... on Refusal { message } ... on Organisation { ${FIELDS} }
      ... on OrganisationExists { organisation { id } }
      ... on OrganisationElsewhere { area region { code } kilometresOutside }
      ... on IdempotencyKeyReused { field } } }`,
    { input },
    who,
  );
const register = async (input: object, who?: TestIdentity) =>
  (await registerRaw(input, who)).data.registerOrganisation;

const list = async (variables: object, who?: TestIdentity) =>
  (
    await world.request(
      `query ($filter: OrganisationFilter, $first: Int, $after: String) {
        organisations(filter: $filter, first: $first, after: $after) {
          nodes { id name } totalCount pageInfo { endCursor hasNextPage } } }`,
      variables,
      who,
    )
  ).data.organisations;

describe('registering an organisation', () => {
  test('makes it known to every role that reads supply, and writes an event', async () => {
    const input = registration({ name: '  Depot South ', kind: 'DEPOT' });
    const registered = await register(input);
    expect(registered).toEqual({
      __typename: 'Organisation',
      id: expect.any(String),
      kind: 'DEPOT',
      name: 'Depot South',
      area: '05315',
      region: { code: '05315' },
      position: COLOGNE.position,
      registeredAt: world.clock.now.toISOString(),
    });
    const { data } = await world.request(
      `query ($id: ID!) { organisation(id: $id) { name } }`,
      { id: registered.id },
      { role: 'supplier' },
    );
    expect(data.organisation).toEqual({ name: 'Depot South' });
    expect(await world.eventsOf({ entity: registered.id })).toMatchObject([
      { topic: 'supply.organisation-registered', area: '05315' },
    ]);
  });

  test('is refused for a second one of the same kind, name and Kreis, also for twenty at once', async () => {
    const input = registration();
    const inputs = Array.from({ length: 20 }, () => ({ ...input, idempotencyKey: randomUUID() }));
    const outcomes = await Promise.all(inputs.map((one) => register(one)));
    const [first, ...others] = outcomes.filter(({ __typename: kind }) => kind === 'Organisation');
    expect(others).toEqual([]);
    const refused = outcomes.filter(({ __typename: kind }) => kind !== 'Organisation');
    expect(refused).toHaveLength(19);
    for (const outcome of refused)
      expect(outcome).toMatchObject({ organisation: { id: first.id } });
    expect(await register(registration({ name: input.name, kind: 'DEPOT' }))).toMatchObject({
      __typename: 'Organisation',
    });
  });

  test.each([
    ['in capitals', (name: string) => name.toUpperCase()],
    ['with other spaces', (name: string) => ` ${name.replace(/ /g, ' \u00a0 ')} `],
    ['in letters of another width', (name: string) => name.replace('A', '\uff21')],
    ['with a character that does not show', (name: string) => name.replace('o', 'o\u200b')],
    ['with umlauts composed otherwise', (name: string) => name.normalize('NFD')],
    ['with SS for ß', (name: string) => name.replace('\u00df', 'SS')],
  ])('is refused for a name that is registered, written %s', async (_, written) => {
    const name = `Apotheke Öl \u00df ${randomUUID()}`;
    const { id } = await register(registration({ name }));
    expect(await register(registration({ name: written(name) }))).toMatchObject({
      __typename: 'OrganisationExists',
      organisation: { id },
      message: expect.stringContaining(name),
    });
    const other = name.replace('Öl', 'Ol');
    expect((await register(registration({ name: other }))).__typename).toBe('Organisation');
  });

  test('with one key is done once', async () => {
    const input = registration();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => register(input)));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
    expect(await register({ ...input, name: 'another' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'registerOrganisation',
    });
  });

  test('far outside its Kreis is refused, and nothing is stored or published', async () => {
    const before = await world.eventCount();
    const input = registration({ position: { latitude: 48.1, longitude: 11.6 } });
    expect(await register(input)).toMatchObject({
      __typename: 'OrganisationElsewhere',
      area: '05315',
      region: { code: '05315' },
    });
    expect((await list({ filter: { area: '05315' }, first: 500 })).nodes).not.toContainEqual(
      expect.objectContaining({ name: input.name }),
    );
    expect(await world.eventCount()).toBe(before);
  });

  test.each([
    ['a Land', { area: '05' }],
    ['an area that does not exist', { area: '99999' }],
    ['no name', { name: ' ' }],
    ['a latitude beyond the pole', { position: { latitude: 90.1, longitude: 7 } }],
  ])('for %s is the caller’s fault', async (_, changes) => {
    expect(codesOf(await registerRaw(registration(changes)))).toEqual(['BAD_USER_INPUT']);
  });

  test('with a character that no text has is refused', async () => {
    expect(await register(registration({ name: 'Depot \u0000' }))).toMatchObject({
      __typename: 'InvalidText',
    });
  });

  test.each<[string, TestIdentity]>([
    ['the health office of its Kreis', { role: 'health-office', areas: ['05315'] }],
    ['crisis staff of its Land', { role: 'crisis-staff', areas: ['05'] }],
  ])('is open to %s', async (_, who) => {
    expect(await register(registration(), who)).toMatchObject({ __typename: 'Organisation' });
  });

  test.each<[string, TestIdentity]>([
    ['the health office of another Kreis', { role: 'health-office', areas: ['05314'] }],
    ['crisis staff of another Land', { role: 'crisis-staff', areas: ['09'] }],
    ['a supplier of the same Kreis', { role: 'supplier', areas: ['05315'] }],
    ['a hospital', { role: 'hospital', facilities: [UNKNOWN_ID] }],
  ])('is not open to %s', async (_, who) => {
    const before = await world.eventCount();
    expect(codesOf(await registerRaw(registration(), who))).toEqual(['FORBIDDEN']);
    expect(await world.eventCount()).toBe(before);
  });
});

describe('the list of organisations', () => {
  test('is ordered by name and read page by page, each entry once', async () => {
    const area = '09162';
    const position = { latitude: 48.14, longitude: 11.57 };
    const names = ['b', 'a', 'c', 'e', 'd'].map((letter) => `Munich ${letter}`);
    for (const name of names) await newOrganisation(world, { name, area, position });
    const found: string[] = [];
    let after: string | null = null;
    do {
      const page: any = await list({ filter: { area: '09' }, first: 2, after });
      expect(page.totalCount).toBe(5);
      found.push(...page.nodes.map(({ name }: { name: string }) => name));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found).toEqual([...names].sort());
  });

  test('is filtered by kind', async () => {
    const id = await newOrganisation(world, { kind: 'BLOOD_SERVICE' });
    const { nodes } = await list({ filter: { kinds: ['BLOOD_SERVICE'] } });
    expect(nodes.map((node: { id: string }) => node.id)).toEqual([id]);
    expect((await list({ filter: { kinds: [] } })).nodes).toEqual([]);
  });

  test('and single organisations are hidden from roles that do not read supply', async () => {
    const id = await newOrganisation(world);
    const response = await world.request(
      `query ($id: ID!) { organisation(id: $id) { id } organisations { totalCount } }`,
      { id },
      { role: 'partner' },
    );
    expect(codesOf(response)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  test.each([UNKNOWN_ID, 'the depot', ''])('has no organisation with the id "%s"', async (id) => {
    const { data } = await world.request(`query ($id: ID!) { organisation(id: $id) { id } }`, {
      id,
    });
    expect(data.organisation).toBeNull();
  });
});

test('new organisations of an area are delivered to every role that reads supply', async () => {
  const watched = `subscription ($area: String, $after: String) {
    organisationChanged(area: $area, after: $after) { organisation { id } } }`;
  const after = await world.cursor();
  const watch = await world.watch(watched, { after, area: '09' }, { role: 'supplier' });
  await newOrganisation(world);
  const position = { latitude: 48.14, longitude: 11.57 };
  const id = await newOrganisation(world, { area: '09162', position });
  const { value } = await watch.next();
  expect(value.data.organisationChanged).toEqual({ organisation: { id } });
  await watch.return!();
});
