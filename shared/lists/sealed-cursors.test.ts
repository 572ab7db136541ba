import { randomUUID } from 'node:crypto';
import { buildSchema, graphql } from 'graphql';
import { ListCursorSeal, sealListCursors } from './sealed-cursors.js';

const position = JSON.stringify([1_601_510_400_000, randomUUID()]);
const key = randomUUID();
const seal = new ListCursorSeal('patients', key);

test('a cursor opens to its position in every process of the same database, and is the same in every response', () => {
  const cursor = seal.seal('Patient', position);
  const replica = new ListCursorSeal('patients', key);
  expect(replica.open('Patient', cursor)).toBe(position);
  expect(replica.seal('Patient', position)).toBe(cursor);
});

test('a cursor holds nothing of its position in clear', () => {
  const bytes = Buffer.from(seal.seal('Patient', position), 'base64url').toString('latin1');
  expect(bytes).not.toContain('1601');
  expect(bytes).not.toContain(position.slice(-10));
});

test('a cursor that is changed, cut, made up, of another list, subgraph or database does not open', () => {
  const cursor = seal.seal('Patient', position);
  const changed = Buffer.from(cursor, 'base64url');
  changed[14]! ^= 1;
  for (const forged of [
    '',
    'tomorrow',
    cursor.slice(0, -4),
    `${cursor}=`,
    ` ${cursor}`,
    changed.toString('base64url'),
    Buffer.from(position).toString('base64url'),
    seal.seal('Transfer', position),
    new ListCursorSeal('capacity', key).seal('Patient', position),
    new ListCursorSeal('patients', randomUUID()).seal('Patient', position),
  ]) {
    expect(seal.open('Patient', forged)).toBeUndefined();
  }
});

describe('a schema', () => {
  const schema = buildSchema(`
    type Query { things(after: String): ThingConnection others(after: String): OtherConnection }
    type ThingConnection { edges: [ThingEdge!]! pageInfo: PageInfo! }
    type ThingEdge { cursor: String! }
    type OtherConnection { edges: [OtherEdge!]! pageInfo: PageInfo! }
    type OtherEdge { cursor: String! }
    type PageInfo { startCursor: String endCursor: String }
  `);
  const requested: unknown[] = [];
  const pageAfter = ({ after }: { after?: string }) => {
    requested.push(after);
    return {
      edges: [{ cursor: 'a' }, { cursor: 'b' }],
      pageInfo: { startCursor: null, endCursor: 'b' },
    };
  };
  sealListCursors(schema);
  interface SealedPage {
    edges: { cursor: string }[];
    pageInfo: { startCursor: string | null; endCursor: string };
  }
  const executeRaw = (list: string, after?: string) => {
    const source = `query ($after: String) { ${list}(after: $after) { edges { cursor } pageInfo { startCursor endCursor } } }`;
    const rootValue = { things: pageAfter, others: pageAfter };
    const contextValue = { listCursorSeal: seal };
    return graphql({ schema, source, rootValue, contextValue, variableValues: { after } });
  };
  const execute = async (list: string, after?: string) => {
    const { data } = await executeRaw(list, after);
    return data![list] as SealedPage;
  };
  const codeOf = async (list: string, after: string) => {
    const { errors } = await executeRaw(list, after);
    return errors?.[0]?.extensions['code'];
  };
  beforeEach(() => requested.splice(0));

  test('gives sealed cursors and takes them back, for their own list alone', async () => {
    const { edges, pageInfo } = await execute('things');
    expect(edges[1]!.cursor).toBe(seal.seal('Thing', 'b'));
    expect(pageInfo).toEqual({ startCursor: null, endCursor: edges[1]!.cursor });
    await execute('things', pageInfo.endCursor);
    expect(requested).toEqual([null, 'b']);
    expect(await codeOf('others', pageInfo.endCursor)).toBe('BAD_USER_INPUT');
    expect(await codeOf('things', 'b')).toBe('BAD_USER_INPUT');
    expect(requested).toHaveLength(2);
  });
});
