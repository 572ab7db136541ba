import { middleOf } from './middle-of.js';
import type { PatientsWorld, TestIdentity } from './patients-world.js';

export const COLOGNE = '05315';
export const MUNICH = '09162';

/** The control room and the crisis staff of the incident's Kreis. */
export const DISPATCH: TestIdentity = { role: 'dispatch', areas: [COLOGNE], subject: 'dispatcher' };
export const STAFF: TestIdentity = {
  role: 'crisis-staff',
  areas: [COLOGNE],
  subject: 'staff officer',
};
/** A dispatcher of another area: they see the incident, and none of its patients. */
export const ELSEWHERE: TestIdentity = {
  role: 'dispatch',
  areas: [MUNICH],
  subject: 'other dispatcher',
};

let keys = 0;
/** A key that no other call of this test run has. */
export const newKey = () => `key ${++keys}`;

const DECLARE = `mutation ($input: DeclareIncidentInput!) {
  declareIncident(input: $input) { __typename ... on Incident { id } ... on Refusal { message } } }`;

export const declaration = (over: object = {}) => ({
  name: 'Train accident',
  hazard: 'MASS_CASUALTY',
  position: 'area' in over ? middleOf(over.area) : { latitude: 50.94, longitude: 6.96 },
  area: COLOGNE,
  idempotencyKey: newKey(),
  ...over,
});

/** Declares an incident in Cologne and gives its id. */
export async function newIncident(world: PatientsWorld, over: object = {}): Promise<string> {
  const { data, errors } = await world.request(DECLARE, { input: declaration(over) });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.declareIncident.id;
}

export const REGISTER = `mutation ($input: RegisterCasualtiesInput!) {
  registerCasualties(input: $input) {
    __typename
    ... on Refusal { message }
    ... on RegisteredCasualties { outcomes {
      __typename
      ... on Refusal { message }
      ... on Patient { id tag category }
      ... on TagInUse { tag patient { id } }
    } }
  } }`;

let tags = 0;
export const casualty = (over: object = {}) => ({ tag: `T${++tags}`, ...over });

/** Registers casualties and returns the outcome of each. */
export async function register(
  world: PatientsWorld,
  where: { incident: string } | { facility: string },
  casualties: object[],
  who: TestIdentity = DISPATCH,
) {
  const input = { ...where, casualties, idempotencyKey: newKey() };
  const { data, errors } = await world.request(REGISTER, { input }, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.registerCasualties.outcomes as { __typename: string; id: string; tag: string }[];
}

/** Registers one casualty and gives his id. */
export async function newPatient(
  world: PatientsWorld,
  where: { incident: string } | { facility: string },
  over: object = {},
  who: TestIdentity = DISPATCH,
): Promise<string> {
  const [patient] = await register(world, where, [casualty(over)], who);
  if (patient!.__typename !== 'Patient') throw new Error(JSON.stringify(patient));
  return patient!.id;
}

/** Ids of facilities of an area, as capacity has them. */
export async function facilitiesIn(
  world: PatientsWorld,
  area: string,
  count = 1,
): Promise<string[]> {
  const { data } = await world.requestCapacity(
    'query ($area: String, $first: Int) { facilities(filter: { area: $area }, first: $first) { nodes { id } } }',
    { area, first: count },
  );
  return data.facilities.nodes.map(({ id }: { id: string }) => id);
}
