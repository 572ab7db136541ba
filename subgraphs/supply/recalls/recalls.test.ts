import { randomUUID } from 'node:crypto';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { book, facilitiesIn, PROPOFOL } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
beforeEach(() => world.pool.query('TRUNCATE stock, stock_batch, stock_booking, batch_recall'));
afterAll(() => world.close());

const codes = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
  errors?.map(({ extensions }) => extensions.code);
const recallRaw = (changes: object, who?: TestIdentity) =>
  world.request(
    `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { __typename ... on Refusal { message }
      ... on BatchRecall { id batch area reason item { pzn } holdings { quantity stock { facility { id } organisation { id } } } } } }`,
    {
      input: {
        ...{ item: PROPOFOL, batch: 'A1', area: '', reason: 'glass in the ampoules' },
        idempotencyKey: randomUUID(),
        ...changes,
      },
    },
    who,
  );
const recall = async (changes: object = {}) => (await recallRaw(changes)).data.recallBatch;

test('a recalled batch lists every holder and cannot be issued; another batch can', async () => {
  const [first, second] = await facilitiesIn(world, '', 2);
  const organisation = await newOrganisation(world);
  const supplier = supplierOf(organisation);
  await book(world, { facility: first!, batch: 'A1', quantity: 5 });
  await book(world, { facility: first!, batch: 'A2', quantity: 5 });
  await book(world, { facility: second!, batch: 'A2', quantity: 5 });
  await book(world, { organisation, batch: 'A1', quantity: 90 }, supplier);
  const recalled = await recall();
  expect(recalled).toMatchObject({
    ...{ __typename: 'BatchRecall', batch: 'A1', area: '', reason: 'glass in the ampoules' },
    holdings: [
      { quantity: 90, stock: { facility: null, organisation: { id: organisation } } },
      { quantity: 5, stock: { facility: { id: first }, organisation: null } },
    ],
  });
  const issue = { organisation, kind: 'ISSUE', quantity: 1, batch: 'A1' } as const;
  expect(await book(world, issue, supplier)).toMatchObject({
    ...{ __typename: 'BatchNotUsable', batch: 'A1', cause: 'RECALLED' },
  });
  const free = { facility: first!, kind: 'ISSUE', quantity: 1, batch: 'A2' } as const;
  expect((await book(world, free)).__typename).toBe('StockBooking');
  expect((await recall()).id).toBe(recalled.id);
});

test('a batch that arrives after its recall is blocked too', async () => {
  const [facility] = await facilitiesIn(world, '05', 1);
  await recall();
  await book(world, { facility: facility!, batch: 'A1', quantity: 5 });
  const issued = await book(world, { facility: facility!, kind: 'ISSUE', batch: 'A1' });
  expect(issued.__typename).toBe('BatchNotUsable');
});

test('a recall holds in its area alone, and only an authority of the area recalls', async () => {
  const [inside, outside] = [
    ...(await facilitiesIn(world, '05', 1)),
    ...(await facilitiesIn(world, '09', 1)),
  ];
  for (const facility of [inside!, outside!])
    await book(world, { facility, batch: 'A1', quantity: 2 });
  const office: TestIdentity = { role: 'health-office', areas: ['05'] };
  expect(codes(await recallRaw({ area: '09' }, office))).toEqual(['FORBIDDEN']);
  expect(codes(await recallRaw({}, office))).toEqual(['FORBIDDEN']);
  const { data } = await recallRaw({ area: '05' }, office);
  expect(data.recallBatch.holdings).toMatchObject([{ stock: { facility: { id: inside } } }]);
  const issue = { kind: 'ISSUE', batch: 'A1' } as const;
  expect((await book(world, { facility: inside!, ...issue })).__typename).toBe('BatchNotUsable');
  expect((await book(world, { facility: outside!, ...issue })).__typename).toBe('StockBooking');
});

test('a quantity that leaves while its batch is recalled is either issued before or among the holdings', async () => {
  const [facility] = await facilitiesIn(world, '05', 1);
  await book(world, { facility: facility!, batch: 'A1', quantity: 50 });
  const issues = Array.from({ length: 20 }, () =>
    book(world, { facility: facility!, kind: 'ISSUE', quantity: 1, batch: 'A1' }),
  );
  const [recalled, ...issued] = await Promise.all([recall(), ...issues]);
  const left = issued.filter(({ __typename }) => __typename === 'StockBooking').length;
  expect(recalled.holdings).toMatchObject([{ quantity: 50 - left }]);
});

test('an unknown item is refused', async () => {
  expect((await recall({ item: 'pzn:123' })).__typename).toBe('UnknownItem');
});
