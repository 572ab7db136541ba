import { randomUUID } from 'node:crypto';
import { codesOf } from '../../../shared/testing/graphql-response.js';
import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import { book, bookAllRaw, booking, PROPOFOL } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld();
});
beforeEach(() => world.pool.query('TRUNCATE stock, stock_batch, stock_booking, batch_recall'));
afterAll(() => world.close());

const recallRaw = (changes: object, who?: TestIdentity) =>
  world.request(
    `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { __typename ... on Refusal { message }
      ... on BatchRecall { id batch area reason item { pzn } holdings { quantity unknownBatch stock { facility { id } organisation { id } } } } } }`,
    {
      input: {
        item: PROPOFOL,
        batch: 'A1',
        area: '',
        reason: 'glass in the ampoules',
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
    __typename: 'BatchRecall',
    batch: 'A1',
    area: '',
    reason: 'glass in the ampoules',
    holdings: [
      { quantity: 90, stock: { facility: null, organisation: { id: organisation } } },
      { quantity: 5, stock: { facility: { id: first }, organisation: null } },
    ],
  });
  const issue = { organisation, kind: 'ISSUE', quantity: 1, batch: 'A1' } as const;
  expect(await book(world, issue, supplier)).toMatchObject({
    __typename: 'BatchNotUsable',
    batch: 'A1',
    cause: 'RECALLED',
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
  expect(codesOf(await recallRaw({ area: '09' }, office))).toEqual(['FORBIDDEN']);
  expect(codesOf(await recallRaw({}, office))).toEqual(['FORBIDDEN']);
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

test('a holder that has some of the item without a known batch is listed last, and may issue it', async () => {
  const [first, second] = await facilitiesIn(world, '05', 2);
  await book(world, { facility: first!, quantity: 40 });
  await book(world, { facility: second!, batch: 'A1', quantity: 5 });
  await book(world, { facility: second!, batch: 'A2', quantity: 9 });
  expect((await recall()).holdings).toMatchObject([
    { quantity: 5, unknownBatch: false, stock: { facility: { id: second } } },
    { quantity: 40, unknownBatch: true, stock: { facility: { id: first } } },
  ]);
  const issued = await book(world, { facility: first!, kind: 'ISSUE', quantity: 1 });
  expect(issued.__typename).toBe('StockBooking');
});

test('an unknown item is refused', async () => {
  expect((await recall({ item: 'pzn:123' })).__typename).toBe('UnknownItem');
});

test('a recall finds its batch however it was written, and none that looks alike', async () => {
  const [facility, other] = await facilitiesIn(world, '05', 2);
  const written = ['L1 ', ' L1', 'L\u200b1', 'L1\u00a0', 'Ｌ１', 'l1', 'L1'];
  for (const batch of written) await book(world, { facility: facility!, batch, quantity: 1 });
  await book(world, { facility: other!, batch: 'L-1', quantity: 1 });
  const recalled = await recall({ batch: '\u200bｌ1 ' });
  expect(recalled).toMatchObject({
    batch: 'L1',
    holdings: [{ quantity: written.length, stock: { facility: { id: facility } } }],
  });
  for (const batch of written) {
    const issued = await book(world, { facility: facility!, kind: 'ISSUE', quantity: 1, batch });
    expect(issued.__typename).toBe('BatchNotUsable');
  }
  const alike = { facility: other!, kind: 'ISSUE', quantity: 1, batch: 'L-1' } as const;
  expect((await book(world, alike)).__typename).toBe('StockBooking');
});

const REVIEWED = 'toReview { batch change kind reason stock { facility { id } } }';
const toReview = async () =>
  (
    await world.request(
      `mutation ($input: RecallBatchInput!) { recallBatch(input: $input) { ... on BatchRecall { ${REVIEWED} } } }`,
      {
        input: {
          item: PROPOFOL,
          batch: 'A1',
          area: '',
          reason: 'glass',
          idempotencyKey: randomUUID(),
        },
      },
    )
  ).data.recallBatch.toReview;

describe('a recalled batch that is booked out', () => {
  const CORRECTED = { kind: 'CORRECTION', reason: 'put right' } as const;
  let facility: string;
  let other: string;
  beforeEach(async () => {
    [facility, other] = (await facilitiesIn(world, '05', 2)) as [string, string];
    await book(world, { facility, batch: 'A1', quantity: 10 });
    await book(world, { facility: other, batch: 'A2', quantity: 10 });
    await recall();
    world.later(1);
  });

  test.each([
    ['a CORRECTION', { kind: 'CORRECTION', quantity: 10, reason: 'found again' }],
    ['a RECEIPT', { kind: 'RECEIPT', quantity: 10 }],
    ['a COUNT', { kind: 'COUNT', quantity: 10 }],
  ] as const)('does not come back without a number by %s', async (_, rise) => {
    await book(world, { facility, batch: 'A1', quantity: -10, ...CORRECTED });
    expect(await book(world, { facility, ...rise })).toMatchObject({
      __typename: 'BatchNotUsable',
      batch: 'A1',
      cause: 'RECALLED',
      message: expect.stringContaining('Book it with the number that stands on the packs'),
    });
    expect((await book(world, { facility: other, ...rise })).__typename).toBe('StockBooking');
  });

  test('leaves a fall without a number, and a count that finds what is booked, as they are', async () => {
    await world.pool.query('TRUNCATE batch_recall');
    await book(world, { facility, quantity: 5 });
    await recall();
    const counted = await book(world, { facility, kind: 'COUNT', quantity: 5 });
    expect(counted.__typename).toBe('StockBooking');
    const lower = await book(world, { facility, kind: 'COUNT', quantity: 4 });
    expect(lower.__typename).toBe('StockBooking');
    const issued = await book(world, { facility, kind: 'ISSUE', quantity: 1 });
    expect(issued.__typename).toBe('StockBooking');
  });

  test('stands for review with what was booked in under another number, before or after', async () => {
    await book(world, { facility, batch: 'A7', quantity: 4, ...CORRECTED });
    expect(await toReview()).toEqual([]);
    await book(world, { facility, batch: 'A1', quantity: -10, ...CORRECTED });
    await book(world, { facility, batch: 'A8', kind: 'COUNT', quantity: 6 });
    await book(world, { facility: other, batch: 'A9', quantity: 3, ...CORRECTED });
    const stock = { facility: { id: facility } };
    expect(await toReview()).toMatchObject([
      { batch: 'A8', change: 6, kind: 'CORRECTION', stock },
      { batch: 'A7', change: 4, kind: 'CORRECTION', reason: 'put right', stock },
    ]);
    const issued = await book(world, { facility, batch: 'A8', kind: 'ISSUE', quantity: 1 });
    expect(issued.__typename).toBe('StockBooking');
  });

  test('is no reason to review what was booked before the batch was there, or by the model', async () => {
    const [, , third] = (await facilitiesIn(world, '05', 3)) as [string, string, string];
    await book(world, { facility: third, batch: 'A5', kind: 'COUNT', quantity: 6 });
    await book(world, { facility: third, batch: 'A1', quantity: 5 });
    await book(world, { facility: third, batch: 'A6', quantity: 2, ...CORRECTED });
    await book(world, { facility: third, batch: 'A1', quantity: -5, ...CORRECTED });
    expect(await toReview()).toMatchObject([{ batch: 'A6' }]);
    await world.pool.query("UPDATE stock_booking SET by = 'Vierblatt model' WHERE batch = 'A6'");
    expect(await toReview()).toEqual([]);
  });

  test('is judged so within a bulk too, and by a first count of what a model had', async () => {
    const outcome = await bookAllRaw(world, [
      booking({ facility, batch: 'A1', quantity: -10, ...CORRECTED }),
      booking({ facility, quantity: 10, ...CORRECTED }),
      booking({ facility: other, quantity: 10, ...CORRECTED }),
    ]);
    expect(
      outcome.data.bookStocks.outcomes.map(({ __typename }: { __typename: string }) => __typename),
    ).toEqual(['StockBooking', 'BatchNotUsable', 'StockBooking']);
  });

  test('in another area than its recall holds in is no matter there', async () => {
    const [outside] = await facilitiesIn(world, '09', 1);
    await world.pool.query('TRUNCATE batch_recall');
    await book(world, { facility: outside!, batch: 'A1', quantity: 3 });
    await recall({ area: '05' });
    expect((await book(world, { facility: outside!, quantity: 3 })).__typename).toBe(
      'StockBooking',
    );
    expect((await book(world, { facility, quantity: 3 })).__typename).toBe('BatchNotUsable');
  });
});

test('a batch number with a letter that only looks Latin is refused, alone and in a bulk', async () => {
  const [facility] = await facilitiesIn(world, '05', 1);
  const alike = '\u0410' + '1';
  const refusal = { __typename: 'InvalidText', message: expect.stringContaining('U+0410') };
  expect(await recall({ batch: alike })).toMatchObject(refusal);
  expect(await book(world, { facility: facility!, batch: alike })).toMatchObject(refusal);
  const { data } = await bookAllRaw(world, [
    booking({ facility: facility!, batch: alike }),
    booking({ facility: facility!, batch: 'A 1' }),
  ]);
  expect(data.bookStocks.outcomes).toMatchObject([
    refusal,
    { __typename: 'StockBooking', batch: 'A1' },
  ]);
});

test('a batch number of nothing that shows is refused', async () => {
  expect((await recall({ batch: '\u00ad' })).__typename).toBe('InvalidText');
});

const end = (recalled: string, who?: TestIdentity) =>
  world.request(
    `mutation ($input: EndRecallInput!) { endRecall(input: $input) { __typename
      ... on BatchRecall { endedAt endReason holdings { quantity } } } }`,
    { input: { recall: recalled, reason: 'a typing error', idempotencyKey: randomUUID() } },
    who,
  );

test('a recall ends by an authority of its area or around it, and can begin again', async () => {
  const [facility] = await facilitiesIn(world, '05', 1);
  await book(world, { facility: facility!, batch: 'A1', quantity: 9 });
  const { id } = await recall({ area: '05' });
  expect(codesOf(await end(id, { role: 'health-office', areas: ['05315'] }))).toEqual([
    'FORBIDDEN',
  ]);
  expect((await end(randomUUID())).data.endRecall.__typename).toBe('UnknownRecall');
  const before = await world.eventCount();
  const ended = await end(id, { role: 'health-office', areas: ['05'] });
  expect(ended.data.endRecall).toMatchObject({
    endedAt: expect.any(String),
    endReason: 'a typing error',
    holdings: [],
  });
  expect(await world.eventCount()).toBe(before + 1);
  expect((await end(id)).data.endRecall.__typename).toBe('BatchRecall');
  const issue = { facility: facility!, kind: 'ISSUE', quantity: 1, batch: 'A1' } as const;
  expect((await book(world, issue)).__typename).toBe('StockBooking');
  world.later(1);
  expect(await recall({ area: '05' })).toMatchObject({ id, holdings: [{ quantity: 8 }] });
  expect((await book(world, issue)).__typename).toBe('BatchNotUsable');
});

test('the packets of a reserve are no batch to recall', async () => {
  expect(await recall({ batch: randomUUID() })).toMatchObject({
    __typename: 'InvalidText',
  });
});
