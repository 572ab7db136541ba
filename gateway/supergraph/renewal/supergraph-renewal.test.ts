import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { composeServices } from '@apollo/composition';
import { buildSubgraph, printSchema } from '@apollo/federation-internals';
import { parse } from 'graphql';
import { pino } from 'pino';
import { issueDevelopmentToken } from '../../../shared/identity/development-issuer.js';
import { startGateway, type Gateway } from '../../gateway.js';
import { TestSubgraph, type SubgraphDefinition } from '../../testing/subgraph.js';
import { until } from '../../testing/until.js';
import { schemasDigest } from './schemas-digest.js';

const FEDERATION =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

/** How the test lets a slow answer go. */
let release = () => {};

function people(fields = ''): SubgraphDefinition {
  return {
    name: 'people',
    typeDefs: parse(
      `${FEDERATION} type Query { person: Person slow: String } type Person @key(fields: "id") { id: ID! age: Int ${fields} }`,
    ),
    resolvers: {
      Query: {
        person: () => ({ id: '1', age: 44 }),
        slow: () => new Promise((resolve) => (release = () => resolve('finished'))),
      },
    },
  };
}

function jobs(fields = ''): SubgraphDefinition {
  return {
    name: 'jobs',
    typeDefs: parse(
      `${FEDERATION} type Person @key(fields: "id") { id: ID! job: String ${fields} }`,
    ),
    resolvers: {
      Person: {
        __resolveReference: ({ id }: { id: string }) => ({ id, job: 'nurse', shift: 'night' }),
      },
    },
  };
}

function composed(...definitions: SubgraphDefinition[]): string {
  const services = definitions.map(({ name, typeDefs }) => ({
    name,
    typeDefs,
    url: `http://${name}/graphql`,
  }));
  return composeServices(services).supergraphSdl!;
}

const COMMITTED = composed(people(), jobs());

/** Of the schemas as their subgraphs serve them. */
function digestOf(definitions: SubgraphDefinition[]): string {
  return schemasDigest(
    definitions.map(({ name, typeDefs }) => ({
      name,
      sdl: printSchema(buildSubgraph(name, '', typeDefs).schema),
    })),
  );
}

interface StartOptions {
  supergraphPollSeconds?: number;
  committedSchemas?: string;
}

let dataFolder: string;
let ports: Record<'people' | 'jobs', number>;
let running: Partial<Record<string, TestSubgraph>> = {};
let gateway: Gateway | undefined;
let log: string[];

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vierblatt-renewal-'));
  await serve(people(), jobs());
  ports = { people: running['people']!.port, jobs: running['jobs']!.port };
  await unavailable('people', 'jobs');
});
afterEach(async () => {
  await gateway?.close();
  await unavailable('people', 'jobs');
});
afterAll(() => rm(dataFolder, { recursive: true }));

async function serve(...definitions: SubgraphDefinition[]) {
  for (const definition of definitions) {
    const name = definition.name as 'people' | 'jobs';
    await unavailable(name);
    running[name] = new TestSubgraph(definition, dataFolder, ports?.[name]);
    await running[name].start();
  }
}

async function unavailable(...names: string[]) {
  for (const name of names) await running[name]?.kill();
  running = Object.fromEntries(Object.entries(running).filter(([name]) => !names.includes(name)));
}

async function start(
  committed = COMMITTED,
  { supergraphPollSeconds = 0.02, committedSchemas }: StartOptions = {},
) {
  log = [];
  const lines = new Writable({
    write: (line: Buffer, _, done) => {
      log.push(String(line));
      done();
    },
  });
  gateway = await startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder,
      oidcIssuer: undefined,
      oidcAudience: 'vierblatt',
      subgraphUrl: Object.fromEntries(
        Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}/graphql`]),
      ),
      supergraphPollSeconds,
      committedSchemas,
    },
    committed,
    pino(lines),
  );
}

async function request(query: string): Promise<any> {
  const requested = { role: 'crisis-staff', areas: ['05'], facilities: [], ttl: 60 };
  const token = await issueDevelopmentToken(dataFolder, 'vierblatt', requested);
  const response = await fetch(`${gateway!.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

/** The first response without errors: until then the poll is not complete. */
async function untilResponded(query: string): Promise<unknown> {
  for (;;) {
    const { data, errors } = await request(query);
    if (!errors) return data;
  }
}

async function fieldsOfPerson(): Promise<string[]> {
  const { data } = await request('{ __type(name: "Person") { fields { name } } }');
  return data.__type.fields.map(({ name }: { name: string }) => name);
}

const reports = () => log.filter((line) => line.includes('cannot be adopted'));

/** Waits until its schema has been requested `times` times more. */
async function polled(name: string, times: number) {
  const { requests } = running[name]!;
  const before = requests.length;
  await until(() => requests.length >= before + times);
}

describe('the supergraph', () => {
  it('serves from the start, with a subgraph down, and takes over what that one brings back', async () => {
    await serve(people());
    await start();
    expect(await request('{ person { age job } }')).toMatchObject({
      data: { person: { age: 44, job: null } },
      errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', subgraph: 'jobs' } }],
    });
    expect(await request('{ person { shift } }')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });

    await serve(jobs('shift: String'));
    expect(await untilResponded('{ person { age job shift } }')).toEqual({
      person: { age: 44, job: 'nurse', shift: 'night' },
    });
    const kept = join(dataFolder, 'supergraph.graphql');
    await until(() => log.some((line) => line.includes('was renewed')));
    await gateway!.close();
    expect(await readFile(kept, 'utf8')).toContain('shift: String');
  });

  it('is the newest one after a restart, even with every subgraph down', async () => {
    await start();
    expect(await fieldsOfPerson()).toContain('shift');
  });

  it('is the committed one again as soon as that is another than before', async () => {
    await start(composed(people('size: Int'), jobs()));
    expect((await fieldsOfPerson()).sort()).toEqual(['age', 'id', 'job', 'size']);
  });

  it('is never replaced by one without a subgraph that it has', async () => {
    await serve(people('size: Int'));
    await start();
    await polled('people', 5);
    expect(await fieldsOfPerson()).toEqual(expect.arrayContaining(['job', 'shift']));
    expect(await fieldsOfPerson()).not.toContain('size');
  });

  it('stays when the schemas do not compose, which is reported once and seen in /readyz', async () => {
    await serve(people(), jobs('shift: String'));
    await start();
    expect(await untilResponded('{ person { shift } }')).toEqual({ person: { shift: 'night' } });
    await serve(jobs('age: String'));
    await until(() => reports().length > 0);
    await polled('jobs', 5);
    expect(reports()).toHaveLength(1);
    expect(await untilResponded('{ person { age job } }')).toEqual({
      person: { age: 44, job: 'nurse' },
    });
    expect(await (await fetch(`${gateway!.url}/readyz`)).json()).toMatchObject({
      supergraph: 'behind',
    });

    await serve(jobs('wage: Int'));
    expect(await untilResponded('{ person { wage } }')).toEqual({ person: { wage: null } });
    expect(await (await fetch(`${gateway!.url}/readyz`)).json()).toMatchObject({
      supergraph: 'current',
    });
  });

  it('lets finish what began with the one before', async () => {
    await serve(people(), jobs());
    await start();
    await polled('people', 2);
    release = () => {};
    const pending = release;
    const slow = request('{ slow }');
    await until(() => release !== pending);
    await serve(jobs('shift: String grade: Int'));
    await untilResponded('{ person { grade } }');
    release();
    expect(await slow).toEqual({ data: { slow: 'finished' } });
  });

  it('is not composed again from the schemas from which the committed one is known to be', async () => {
    const served = [people('weight: Int'), jobs()];
    await serve(...served);
    // Composed from them, it would have another field.
    const committed = composed(people('length: Int'), jobs());
    await start(committed, { committedSchemas: digestOf(served) });
    await polled('people', 5);
    expect(await fieldsOfPerson()).toContain('length');

    await serve(jobs('shift: String'));
    await untilResponded('{ person { shift } }');
    expect(await fieldsOfPerson()).toEqual(expect.arrayContaining(['weight', 'shift']));
    await gateway!.close();

    // One that was composed at run time stays open to what the committed one was composed from.
    await serve(...served);
    await start(committed, { committedSchemas: digestOf(served) });
    await untilResponded('{ person { age } }');
    await until(async () => !(await fieldsOfPerson()).includes('shift'));
  });

  it('is not looked for at an interval of 0', async () => {
    await serve(people('size: Int'), jobs());
    await start(COMMITTED, { supergraphPollSeconds: 0 });
    await request('{ person { age } }');
    expect(running['people']!.requests.map(({ query }) => query)).not.toContain(
      '{ _service { sdl } }',
    );
  });
});
