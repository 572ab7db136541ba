import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { MINUTE_MS } from '../shared/time/rules.js';
import { startHub, type RunningHub } from './running-hub.js';
import { slowness } from './speed/slowness.js';

/** The time that a control centre is promised between a declaration and the new picture of all of Germany. */
/** Promised are 2 s; a machine that is busy with other things may need longer. */
const WITHIN_MS = MINUTE_MS;
const HUBS = ['01', '02', '05', '08', '09', '11', '14'];
const KREISE = 'regions(level: KREIS) { code beds(category: ICU_UNSPECIFIED) { free held } }';

let hub: RunningHub;
let token: string;
beforeAll(async () => {
  hub = await startHub({}, { firstDay: true });
  token = await tokenOf('');
});
afterAll(() => hub.stop());

const tokenOf = (area: string) =>
  issueDevelopmentToken(hub.environment['VIERBLATT_DATA']!, 'vierblatt', {
    role: 'crisis-staff',
    areas: [area],
    facilities: [],
    ttl: 600,
  });

async function request(query: string, variables: object = {}): Promise<any> {
  const { data, errors } = await postGraphQL(
    hub.url,
    { query, variables },
    { authorization: `Bearer ${token}` },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

interface Kreis {
  code: string;
  beds: { free: number | null; held: number }[];
}
const kreise = async (): Promise<Kreis[]> => (await request(`{ ${KREISE} }`)).regions;

/** Holds two free beds in each of three facilities of a Land; beds that a facility reported itself are certainly free. */
async function holdIn(area: string): Promise<void> {
  const { facilities } = await request(
    `query ($area: String) { facilities(filter: { area: $area }, first: 3) { nodes { id } } }`,
    { area },
  );
  for (const { id: facility } of facilities.nodes) {
    const bed = { facility, category: 'ICU_UNSPECIFIED' };
    const observedAt = new Date().toISOString();
    await request(
      `mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }`,
      { input: { ...bed, operable: 9, occupied: 5, source: 'the hub itself', observedAt } },
    );
    const { holdBeds } = await request(
      `mutation ($input: HoldBedsInput!) { holdBeds(input: $input) { __typename } }`,
      {
        input: {
          ...bed,
          count: 2,
          countsFrom: 'ALLIANCE_CASE',
          reason: 'cluster hub',
          idempotencyKey: randomUUID(),
        },
      },
    );
    expect(holdBeds.__typename).toBe('Hold');
  }
}

async function declare(phase: string, hazard: string, legalBasis: string): Promise<string> {
  const { declarePhase } = await request(
    `mutation ($input: DeclarePhaseInput!) { declarePhase(input: $input) { ... on PhaseDeclaration { id } } }`,
    { input: { area: '', phase, hazard, legalBasis, idempotencyKey: randomUUID() } },
  );
  return declarePhase.id;
}

const end = (phase: string) =>
  request(`mutation ($input: EndPhaseInput!) { endPhase(input: $input) { __typename } }`, {
    input: { phase, reason: 'the alliance has decided so' },
  });

/** A subscriber on a socket of its own, and every message that it receives, with the instant. */
async function subscriber(area: string, after: string) {
  const authorization = `Bearer ${await tokenOf(area)}`;
  const client = createClient({
    url: hub.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
  const changes = client.iterate<any>({
    query: `subscription ($after: String) { phaseChanged(after: $after) {
      cursor caughtUp declaration { id endedAt } phases { phase } ${KREISE} } }`,
    variables: { after },
  });
  return {
    leave: async () => {
      await client.dispose();
    },
    async next(): Promise<{ change: any; at: number }> {
      const { value } = await changes.next();
      if (value?.data?.phaseChanged.caughtUp) return this.next();
      if (value?.errors) throw new Error(JSON.stringify(value.errors));
      return { change: value!.data!.phaseChanged, at: performance.now() };
    },
  };
}

test('the alliance case makes held beds count in all 401 Kreise, and each subscriber is notified once', async () => {
  for (const area of HUBS) await holdIn(area);
  const before = await kreise();
  expect(before.reduce((sum, { beds }) => sum + beds[0]!.held, 0)).toBe(HUBS.length * 6);

  const { capacityCursor } = await request('{ capacityCursor }');
  // Of different rights, so that no response is shared between them.
  const areas = ['', '', '05', '09', '05315', '14', '11', '01'];
  const watchers = await Promise.all(areas.map((area) => subscriber(area, capacityCursor)));
  const all = () => Promise.all(watchers.map((watcher) => watcher.next()));
  // Once all have received a milder declaration they are known to listen.
  const mild = await declare('CATASTROPHE', 'HEAT', 'Landesrecht');
  await all();
  const over = all();
  await end(mild);
  await over;

  const declared = all();
  const declaredAt = performance.now();
  const id = await declare('ALLIANCE_CASE', 'WAR_WOUNDED', 'Art. 80a Abs. 3 GG');
  for (const { change, at } of await declared) {
    expect(change).toMatchObject({
      declaration: { id, endedAt: null },
      phases: [{ phase: 'ALLIANCE_CASE' }],
    });
    expect(change.regions).toEqual(before.map(allFree));
    expect(change.regions).toHaveLength(401);
    expect(at - declaredAt).toBeLessThan(WITHIN_MS * slowness());
  }

  // The next message is the end: nobody received the declaration twice.
  const ended = all();
  await end(id);
  for (const { change } of await ended) {
    expect(change.declaration).toEqual({ id, endedAt: expect.stringMatching(/./) });
    expect(change.phases).toEqual([]);
    expect(change.regions).toEqual(before);
  }
  expect(await kreise()).toEqual(before);
  await Promise.all(watchers.map((watcher) => watcher.leave()));
});

/** Returns a Kreis as it is when its held beds count. */
function allFree({ code, beds }: Kreis): Kreis {
  const [{ free, held }] = beds as [{ free: number | null; held: number }];
  return { code, beds: [{ free: free === null ? null : free + held, held: 0 }] };
}
