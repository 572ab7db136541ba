import type { Gateway } from '../gateway/gateway.js';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { declare } from '../subgraphs/capacity/testing/sustainability.js';
import { newIncident } from '../subgraphs/patients/testing/casualties.js';
import {
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
  reservedAt,
} from '../subgraphs/patients/testing/transfers.js';
import { hospitalsIn, type Hospital } from '../subgraphs/patients/testing/proposals.js';
import { gatewayOf } from './world-gateway.js';

const REVIEW = `{ sustainabilityToReview(area: "09162") { nodes { cause reasons reservedBeds
  facility { id inboundCount inbound { id } beds(category: ICU_UNSPECIFIED) { free overcommitted } } } } }`;

let world: PatientsWorld;
let gateway: Gateway;
let hospital: Hospital;
beforeAll(async () => {
  world = await patientsWorld();
  [hospital] = (await hospitalsIn(world, '09162', 1)) as [Hospital];
  await giveBeds(world, [hospital.id], 5);
  gateway = await gatewayOf(world);
});
afterAll(async () => {
  await gateway.close();
  await world.close();
});

async function review(who: TestIdentity): Promise<any> {
  const claims = { areas: [], facilities: [], ...who, ttl: 60 };
  const token = await issueDevelopmentToken(world.dataFolder, 'vierblatt', claims);
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: REVIEW }),
  });
  const { data } = (await response.json()) as { data: any };
  return data.sustainabilityToReview?.nodes;
}

test('one query shows the staff of a facility’s area what fails, with how many are reserved and on their way', async () => {
  const [patient] = await register(world, { incident: await newIncident(world) });
  const request = primary(patient!, { to: hospital.id });
  const { id: transfer } = await call(world, 'requestTransfer', request);
  await call(world, 'acceptTransfer', { transfer }, staffOf(hospital.id));
  await reservedAt(world, hospital.id);
  await declare(
    { ...world, url: world.capacityUrl },
    { facility: hospital.id, category: 'ICU_UNSPECIFIED', from: 3 },
  );
  const concerned = { cause: 'POWER', reasons: ['FAILS_SOON'], reservedBeds: 2 };
  const beds = [{ free: 3, overcommitted: 0 }];
  const inbound = [{ id: expect.any(String) }];
  const facility = { id: hospital.id, inboundCount: 1, beds };
  expect(await review({ role: 'crisis-staff', areas: ['09162'] })).toEqual([
    { ...concerned, facility: { ...facility, inbound: [] } },
  ]);
  expect(await review(staffOf(hospital.id))).toEqual([
    { ...concerned, facility: { ...facility, inbound } },
  ]);
  expect(await review({ role: 'health-office', areas: ['09162'] })).toEqual([
    { ...concerned, facility: { ...facility, inboundCount: null, inbound: null } },
  ]);
  expect(await review({ role: 'crisis-staff', areas: ['05315'] })).toEqual([]);
});
