import { randomUUID } from 'node:crypto';
import { codesOf } from '../../../../shared/testing/graphql-response.js';
import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { newOrganisation, supplierOf } from '../../testing/organisations.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ hasFacilities: false });
});
afterAll(() => world.close());

const link = (changes: object = {}) => ({
  tier: 1,
  country: 'DE',
  singleSource: false,
  stockDays: 30,
  ...changes,
});
const declareRaw = (input: object, who?: TestIdentity) =>
  world.request(
    `mutation ($input: DeclareSupplyChainInput!) { declareSupplyChain(input: $input) {
      __typename ... on Refusal { message } ... on Item { pzn riskScore } } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
    who,
  );
const declare = async (input: object, who?: TestIdentity) =>
  (await declareRaw(input, who)).data.declareSupplyChain;
const read = async (item: string, who?: TestIdentity) =>
  (
    await world.request(
      `query ($item: ID!) { item(id: $item) { riskScore riskReasons { code tier points }
        chain { tier stockDays organisation { id } } } }`,
      { item },
      who,
    )
  ).data.item;

test('an item with one source at tier 1 and stock for 3 days ranks first, until a second source is declared', async () => {
  const [one, two] = [await newOrganisation(world), await newOrganisation(world)];
  await declare({ organisation: one, item: 'pzn:00194346', links: [link({ stockDays: 14 })] });
  await declare({
    organisation: one,
    item: 'pzn:00204079',
    links: [link(), link({ country: 'FR' })],
  });
  await declare({ organisation: one, item: 'pzn:00194323', links: [link({ stockDays: 3 })] });
  const ranked = async () => {
    const { data } = await world.request('{ supplyRisks { nodes { pzn } totalCount } }');
    return data.supplyRisks.nodes.map(({ pzn }: { pzn: string }) => pzn);
  };
  expect(await ranked()).toEqual(['00194323', '00194346', '00204079']);
  await declare({ organisation: two, item: 'pzn:00194323', links: [link({ country: 'FR' })] });
  expect((await ranked())[0]).toBe('00194346');
  await declare({ organisation: two, item: 'pzn:00194323', links: [] });
  expect((await ranked())[0]).toBe('00194323');
});

test('a supplier sees its own links and no risk, the authorities all', async () => {
  const [one, two] = [await newOrganisation(world), await newOrganisation(world)];
  const item = 'pzn:00583912';
  for (const organisation of [one, two]) {
    await declare(
      { organisation, item, links: [link({ stockDays: 7 })] },
      supplierOf(organisation),
    );
  }
  const own = { chain: [{ tier: 1, stockDays: 7, organisation: { id: one } }] };
  expect(await read(item, supplierOf(one))).toEqual({ ...own, riskScore: null, riskReasons: null });
  const all = await read(item);
  expect(all.chain).toHaveLength(2);
  expect(all.riskScore).toBe(35);
  const { errors } = await world.request('{ supplyRisks { totalCount } }', {}, supplierOf(one));
  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
});

test('twenty organisations at once lose no link', async () => {
  const organisations = [];
  for (let n = 0; n < 20; n += 1) organisations.push(await newOrganisation(world));
  const item = 'pzn:00357392';
  await Promise.all(
    organisations.map((organisation) => declare({ organisation, item, links: [link()] })),
  );
  const { chain, riskScore } = await read(item);
  expect([chain.length, riskScore]).toEqual([20, 5]);
});

test('a chain of an unknown organisation or item, with a wrong tier, or of others is refused, and no event is sent', async () => {
  const organisation = await newOrganisation(world);
  const before = await world.eventCount();
  const input = { organisation, item: 'pzn:00194323', links: [link()] };
  expect(await declare({ ...input, organisation: UNKNOWN_ID })).toMatchObject({
    __typename: 'UnknownOrganisation',
  });
  expect(await declare({ ...input, item: UNKNOWN_ID })).toMatchObject({
    __typename: 'UnknownItem',
  });
  expect(codesOf(await declareRaw({ ...input, links: [link({ tier: 0 })] }))).toEqual([
    'BAD_USER_INPUT',
  ]);
  const other = supplierOf(await newOrganisation(world));
  expect(codesOf(await declareRaw(input, other))).toEqual(['FORBIDDEN']);
  expect(await world.eventCount()).toBe(before + 1);
});
