import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { postGraphQL, inputTypeOf } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';

const KREIS = '05315';
const BEDS = 'beds(category: BURN) { free }';
const CHANGES = `subscription ($after: String) { transferChanged(after: $after) {
  cursor at transfer { status to { id ${BEDS} } patient { category } } } }`;

let hub: RunningHub;
let token: string;
let client: Client;
beforeAll(async () => {
  hub = await startHub();
  const controlRoom = { role: 'dispatch', areas: [KREIS], facilities: [], ttl: 300 };
  const dataFolder = hub.environment['VIERBLATT_DATA']!;
  token = await issueDevelopmentToken(dataFolder, 'vierblatt', controlRoom);
  client = createClient({
    url: hub.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
});
afterAll(async () => {
  await client.dispose();
  await hub.stop();
});

async function responseTo(query: string, variables: object = {}): Promise<any> {
  return postGraphQL(hub.url, { query, variables }, { authorization: `Bearer ${token}` });
}

async function queryData(query: string): Promise<any> {
  const { data, errors } = await responseTo(query);
  expect(errors).toBeUndefined();
  return data;
}

/** Calls a mutation and gives its outcome. */
async function change(field: string, input: object, selection = ''): Promise<any> {
  const type = inputTypeOf(field);
  const mutation = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${selection} } }`;
  const { data, errors } = await responseTo(mutation, { input });
  expect(errors).toBeUndefined();
  return data[field];
}

interface Fault {
  extensions: { code: string };
}
interface Message {
  transferChanged: { transfer: object };
}

/** Returns a facility of the Kreis with five free beds. */
async function newFacility(): Promise<string> {
  const { facilities } = await queryData(
    `{ facilities(filter: { area: "${KREIS}" }, first: 1) { nodes { id } } }`,
  );
  const facility: string = facilities.nodes[0].id;
  const beds = { facility, category: 'BURN', operable: 12, occupied: 7, source: 'this test' };
  await change('reportCapacity', { ...beds, observedAt: new Date().toISOString() });
  return facility;
}

/** A casualty whom a physician has triaged. */
async function newPatient(): Promise<string> {
  const { id: incident } = await change(
    'declareIncident',
    {
      name: 'Collision',
      hazard: 'MASS_CASUALTY',
      area: KREIS,
      idempotencyKey: randomUUID(),
      position: { latitude: 50.94, longitude: 6.96 },
    },
    '... on Incident { id }',
  );
  const casualties = [{ tag: '001', category: 'SK_I', physician: true }];
  const { outcomes } = await change(
    'registerCasualties',
    { incident, casualties, idempotencyKey: randomUUID() },
    '... on RegisteredCasualties { outcomes { ... on Patient { id } } }',
  );
  return outcomes[0].id;
}

async function request(patient: string, to: string): Promise<string> {
  const input = { patient, to, kind: 'PRIMARY', bedCategory: 'BURN', idempotencyKey: randomUUID() };
  return (await change('requestTransfer', input, '... on Transfer { id }')).id;
}

/** Ends the process of a subgraph as a crash does; the starter brings it back. */
async function kill(subgraph: string): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,ppid=,args=']);
  const processes = stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(.*)$/gm);
  const [, pid] = [...processes].find(
    ([, , parent, command]) =>
      Number(parent) === hub.pid && command!.includes(`subgraphs/${subgraph}/server.js`),
  )!;
  process.kill(Number(pid), 'SIGKILL');
}

/** Waits until a subgraph that was killed answers again. */
async function isBack(facility: string): Promise<void> {
  while ((await responseTo(`{ facility(id: "${facility}") { ${BEDS} } }`)).errors);
}

test('a transition is delivered with the patient, and with beds unless capacity is unavailable', async () => {
  const [facility, patient] = [await newFacility(), await newPatient()];
  const { patientsCursor: after } = await queryData('{ patientsCursor }');
  const messages = client.iterate<Message>({ query: CHANGES, variables: { after } });
  const next = async (): Promise<object> => {
    const { data, errors } = (await messages.next()).value!;
    if (!data?.transferChanged.transfer) return next(); // a mark
    const codes = errors?.map((error: Fault) => error.extensions.code);
    return { ...data.transferChanged.transfer, codes };
  };

  const transfer = await request(patient, facility);
  const whole = {
    status: 'DESTINATION_REQUESTED',
    to: { id: facility, beds: [{ free: 5 }] },
    patient: { category: 'SK_I' },
    codes: undefined,
  };
  expect(await next()).toEqual(whole);

  await kill('capacity');
  await change('cancelTransfer', { transfer, reason: 'He is treated at the scene.' });
  expect(await next()).toEqual({
    status: 'CANCELLED',
    to: { id: facility, beds: null },
    patient: { category: 'SK_I' },
    codes: ['SERVICE_UNAVAILABLE'],
  });

  await isBack(facility);
  await request(patient, facility);
  expect(await next()).toEqual(whole);
});
