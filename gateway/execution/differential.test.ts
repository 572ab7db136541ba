import fc from 'fast-check';
import { parse, print, validate } from 'graphql';
import { catalog } from '../testing/catalog.js';
import { composed } from '../testing/hospital.js';
import { social } from '../testing/social.js';
import { ward } from '../testing/ward.js';
import { warehouse } from '../testing/warehouse.js';
import { supergraphState } from '../supergraph/supergraph-state.js';
import {
  bothExecutors,
  comparable,
  comparableButForPositions,
  variablesFor,
  type Both,
} from './testing/both-executors.js';
import { collectedOperations, validUnder } from './testing/collected-operations.js';
import { operations } from './testing/generated-operations.js';
import { museum } from './testing/museum.js';

const OPERATIONS = 150;

const state = supergraphState(museum());

/** From a hub in which nothing goes wrong to one that sends what it should not. */
const WHIMS = [
  { failing: 0, broken: 0 },
  { failing: 8, broken: 0 },
  { failing: 4, broken: 3 },
] as const;

/**
 * Same data, same errors, same order of keys. The stock executor may blame another entry of a list for an error: it counts
 * only the entries it requested, and uses their indexes as those of all.
 */
function expectTheSame({ own, stock }: Both): void {
  expect(comparableButForPositions(own)).toBe(comparableButForPositions(stock));
  expect(own.requests).toBe(stock.requests);
  expect(own.representations).toBeLessThanOrEqual(stock.representations);
}

test('the own executor and the stock one give the same result for operations nobody thought of', async () => {
  let exact = 0;
  await fc.assert(
    fc.asyncProperty(
      operations(state.schema),
      fc.nat(1_000),
      fc.constantFrom(...WHIMS),
      fc.boolean(),
      async (text, seed, whims, yes) => {
        const document = parse(text);
        fc.pre(validate(state.schema, document).length === 0);
        const variables = { yes, id: '2', number: 1 };
        const both = await bothExecutors(state, document, variables, { seed, ...whims });
        expect(both.isOwn).toBe(true);
        expectTheSame(both);
        if (comparable(both.own) === comparable(both.stock)) exact += 1;
      },
    ),
    { numRuns: OPERATIONS, seed: 7 },
  );
  expect(exact).toBeGreaterThan(0.95 * OPERATIONS);
});

const shop = [catalog().definition, social().definition, warehouse().definition];
test.each([
  ['shop', composed(shop), 40],
  ['hospital', composed(Object.values(ward().definitions)), 30],
])(
  'the own executor and the stock one give the same result for every operation of the tests: %s',
  async (_, sdl, atLeast) => {
    const tested = supergraphState(sdl);
    const documents = validUnder(tested.schema, collectedOperations());
    expect(documents.length).toBeGreaterThan(atLeast);
    let own = 0;
    for (const document of documents) {
      for (const [seed, whims] of WHIMS.entries()) {
        const variables = variablesFor(document);
        const both = await bothExecutors(tested, document, variables, { seed, ...whims });
        expect([print(document), comparableButForPositions(both.own)]).toEqual([
          print(document),
          comparableButForPositions(both.stock),
        ]);
        if (both.isOwn) own += 1;
      }
    }
    // The rest is introspection.
    expect(own).toBeGreaterThan(0.8 * WHIMS.length * documents.length);
  },
);
