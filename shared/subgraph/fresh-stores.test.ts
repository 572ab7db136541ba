import { freshAfterChange, renewable } from './fresh-stores.js';

/** A context that remembers, as a request's stores do. */
const remembering = () => renewable(() => ({ seen: new Set<string>() }));
type RememberingContext = ReturnType<typeof remembering>;

const look =
  (word: string) =>
  (_: unknown, __: unknown, { seen }: RememberingContext) => {
    seen.add(word);
    if (word === 'fault') throw new Error(word);
    return word;
  };
const run = (concept: object, root: string, field: string, context: object) =>
  (concept as Record<string, Record<string, (...args: unknown[]) => unknown>>)[root]![field]!(
    undefined,
    {},
    context,
    undefined,
  );

test.each(['change', 'fault'])(
  'after a mutation that ends in a %s nothing is remembered',
  async (word) => {
    const context = remembering();
    const concept = freshAfterChange({ Mutation: { act: look(word) } });
    await Promise.resolve(run(concept, 'Mutation', 'act', context)).catch(() => undefined);
    expect(context.seen.size).toBe(0);
  },
);

test('a query goes on remembering', async () => {
  const context = remembering();
  await run(freshAfterChange({ Query: { read: look('value') } }), 'Query', 'read', context);
  expect(context.seen).toEqual(new Set(['value']));
});
