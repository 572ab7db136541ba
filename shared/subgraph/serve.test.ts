import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'graphql';
import { pino } from 'pino';
import { tokenMint, tokenVerifier } from '../identity/internal-tokens.js';
import type { Outbox } from '../outbox/outbox.js';
import { serveSubgraph } from './serve.js';

const SECRET = 'the password of the database';

let dataFolder: string;
let subgraph: Awaited<ReturnType<typeof serveSubgraph>>;
let authorization: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-subgraph-'));
  subgraph = await serveSubgraph(
    {
      name: 'wards',
      typeDefs: parse('type Query { beds: Int, broken: Int }'),
      resolvers: [
        {
          Query: {
            beds: () => 4,
            broken: () => {
              throw new Error(SECRET);
            },
          },
        },
      ],
      cursorField: '',
      context: (caller) => ({ caller, outbox: undefined as unknown as Outbox }),
    },
    {
      host: '127.0.0.1',
      port: 0,
      verify: tokenVerifier(dataFolder, 'wards', ['gateway']),
      log: pino({ level: 'silent' }),
      now: () => new Date(),
    },
  );
  const mint = await tokenMint(dataFolder, 'gateway');
  const claims = { roles: [], scopes: [], areas: [], facilities: [] };
  authorization = `Bearer ${await mint({ claims }, 'wards')}`;
});
afterAll(async () => {
  await subgraph.close();
  await rm(dataFolder, { recursive: true });
});

/** The trace of Federation 1, in which field names and error messages stand as plain text. */
async function traceOf(query: string, headers: Record<string, string>) {
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const { extensions } = (await response.json()) as { extensions?: { ftv1: string } };
  return extensions && Buffer.from(extensions.ftv1, 'base64').toString('latin1');
}
const ASKING = { 'apollo-federation-include-trace': 'ftv1' };

test('a trace of the fields goes to a gateway that asks for it, and to no other', async () => {
  expect(await traceOf('{ beds }', ASKING)).toContain('beds');
  expect(await traceOf('{ beds }', {})).toBeUndefined();
});

test('a trace does not tell what an error says', async () => {
  const trace = await traceOf('{ broken }', ASKING);
  expect(trace).toContain('masked');
  expect(trace).not.toContain(SECRET);
});
