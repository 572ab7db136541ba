import type { Gateway } from '../gateway/gateway.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { inputTypeOf } from '../shared/testing/graphql-response.js';
import { facilitiesIn, newIncident, newKey } from '../subgraphs/patients/testing/casualties.js';
import {
  CONTROL_ROOM,
  patientsWorld,
  staffOf,
  type PatientsWorld,
  type TestIdentity,
} from '../subgraphs/patients/testing/patients-world.js';
import {
  call,
  giveBeds,
  primary,
  register,
  transferOf,
} from '../subgraphs/patients/testing/transfers.js';
import { gatewayOf } from './world-gateway.js';

let world: PatientsWorld;
let gateway: Gateway;
let facilities: string[];
let patient: string;
beforeAll(async () => {
  world = await patientsWorld();
  facilities = await facilitiesIn(world, '05', 2);
  await giveBeds(world, facilities, 5);
  const incident = await newIncident(world);
  patient = (await register(world, { incident }))[0]!;
  gateway = await gatewayOf(world);
});
afterAll(async () => {
  await gateway.close();
  await world.close();
});

/** Returns the errors of a mutation as the gateway shows them. */
async function errorsOf(name: string, input: object, who: TestIdentity): Promise<object[]> {
  const type = inputTypeOf(name);
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
  const requested = { areas: [], facilities: [], ...who, ttl: 60 };
  const token = await issueDevelopmentToken(world.dataFolder, 'vierblatt', requested);
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  return ((await response.json()) as { errors: object[] }).errors;
}

const outage = (text: string) => [
  {
    message: expect.stringContaining(text),
    extensions: { code: 'SERVICE_UNAVAILABLE', id: expect.any(String) },
  },
];

test('while capacity is unavailable a caller reads at the gateway what the patients subgraph stored, and what to do', async () => {
  const [known, unknown] = facilities as [string, string];
  const transfer = await call(world, 'requestTransfer', primary(patient, { to: known }));
  await world.stopCapacity();
  const acceptance = { transfer: transfer.id, idempotencyKey: newKey() };
  expect(await errorsOf('acceptTransfer', acceptance, staffOf(known))).toMatchObject(
    outage('Your acceptance is noted.'),
  );
  expect(await transferOf(world, transfer.id)).toMatchObject({ accepting: true });
  const other = primary(patient, { to: unknown });
  expect(await errorsOf('requestTransfer', other, CONTROL_ROOM)).toMatchObject(
    outage('Nothing was changed'),
  );
  await world.restartCapacity();
});
