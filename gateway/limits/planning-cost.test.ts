import { readFileSync } from 'node:fs';
import { getOperationAST, parse, validate } from 'graphql';
import { projectPath } from '../../shared/root.js';
import { supergraphState } from '../supergraph/supergraph-state.js';
import { SAMPLE_TABS } from '../sandbox/operations.js';
import { Shop } from '../testing/shop.js';
import { limitsWith } from './limits.js';
import { planningCostOf } from './planning-cost.js';

const { planningCost } = limitsWith();
const { schema } = supergraphState(readFileSync(projectPath('gateway/supergraph.graphql'), 'utf8'));

function planning(text: string): number {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document)!;
  return planningCostOf(schema, document, operation, Infinity);
}

/** Fifty requests of a transfer, none of which runs. */
function skippedTransfers(selections: string, fragments = ''): string {
  const input = '{ patient: "p", kind: PRIMARY, idempotencyKey: "k" }';
  const fields = Array.from(
    { length: 50 },
    (_, n) => `a${n}: requestTransfer(input: ${input}) @include(if: $f) { ${selections} }`,
  );
  return `mutation ($f: Boolean = false) { ${fields.join(' ')} __typename } ${fragments}`;
}

describe('the cost of planning', () => {
  it.each(SAMPLE_TABS)('leaves much room for the sandbox operation %#', ({ query }) => {
    expect(planning(query)).toBeGreaterThan(0);
    expect(planning(query)).toBeLessThan(planningCost / 4);
  });

  it('counts what is left out when it runs', () => {
    expect(planning(skippedTransfers('... on Refusal { message }'))).toBeGreaterThan(4_000);
  });

  it('counts a field of an interface for each type that an object there may have', () => {
    const [one, each] = ['UnknownPatient', 'Refusal'].map((type) =>
      planning(skippedTransfers(`... on ${type} { message }`)),
    );
    expect(each).toBeGreaterThan(2 * one!);
  });

  it('counts a fragment wherever it is spread', () => {
    const inner = '... on Refusal { message } ... on Transfer { to { name area } }';
    const written = planning(skippedTransfers(inner));
    const fragment = `fragment F on RequestTransferOutcome { ${inner} }`;
    expect(planning(skippedTransfers('...F', fragment))).toBeGreaterThanOrEqual(written);
  });

  it('is more than one operation may take for fifty reads through the other subgraph, of each outcome', () => {
    const facility = '{ to { name area } from { name area } }';
    const text = skippedTransfers(
      `... on Refusal { message } ... on TransferExists { transfer ${facility} } ... on AlreadyThere { facility { name area } } ... on Transfer ${facility}`,
    );
    expect(planning(text)).toBeGreaterThan(planningCost);
  });

  it('is not counted further than it matters', () => {
    // Each fragment spreads the next twice: a full count would visit 2^40 of them.
    const chain = Array.from(
      { length: 40 },
      (_, n) => `fragment F${n} on Facility { ...F${n + 1} ...F${n + 1} }`,
    );
    const text = `{ facility(id: "x") { ...F0 } } ${chain.join(' ')} fragment F40 on Facility { name }`;
    const document = parse(text);
    const operation = getOperationAST(document)!;
    expect(planningCostOf(schema, document, operation, 1_000)).toBeGreaterThan(1_000);
  });
});

describe('an operation', () => {
  const QUERY = '{ me { name favourite { name } } }';
  const open = (limits: { planningCost?: number }) => Shop.open({ limits });

  it('is refused before it is planned when planning costs too much, also if nothing of it runs', async () => {
    const shop = await open({ planningCost: 50 });
    const wide = '{ me @skip(if: true) { name favourite { name } } __typename }';
    expect(await shop.request(wide)).toMatchObject({
      status: 400,
      errors: [
        { message: expect.stringContaining('at most 50'), extensions: { code: 'TOO_MUCH' } },
      ],
    });
    expect((await shop.request('{ me { name } }')).status).toBe(200);
    await shop.close();
  });

  it('pays for its planning when its text was not seen lately, and not again', async () => {
    const shop = await open({});
    const authorization = `Bearer ${await shop.token({ subject: 'ina' })}`;
    const costOf = async (query: string) => {
      const response = await fetch(`${shop.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query }),
      });
      await response.body?.cancel();
      return Number(/cost=(\d+)$/.exec(response.headers.get('ratelimit')!)?.[1]);
    };
    const [first, again] = [await costOf(QUERY), await costOf(QUERY)];
    expect(first - again).toBe(100 + 2 * 28 + 2 * 8);
    expect(await costOf(`query Other ${QUERY}`)).toBe(first);
    await shop.close();
  });
});
