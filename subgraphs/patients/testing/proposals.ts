import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { newKey } from './casualties.js';
import {
  type GraphQLResponse,
  type PatientsWorld,
  type TestIdentity,
  CONTROL_ROOM,
} from './patients-world.js';

/** Kreise with at least six hospitals each, for tests that must not meet. */
const KREISE =
  '06414 05914 05158 05334 11000 02000 05315 09162 08111 06412 05111 05113 05913 03241 14612 14713 04011 09564 10041 05515 05112'.split(
    ' ',
  );

export interface Hospital {
  id: string;
  area: string;
  position: { latitude: number; longitude: number };
}

/** The first hospitals of a Kreis, always the same ones. */
export async function hospitalsIn(
  world: PatientsWorld,
  area: string,
  count: number,
): Promise<Hospital[]> {
  const { data } = await world.requestCapacity(
    `query ($area: String!, $count: Int!) { facilities(filter: { area: $area, kinds: [HOSPITAL] }, first: $count) {
      nodes { id area position { latitude longitude } } } }`,
    { area, count },
  );
  const hospitals: Hospital[] = data.facilities.nodes;
  if (hospitals.length < count) throw new Error(`${area} has ${hospitals.length} hospitals.`);
  return hospitals;
}

/** Hospitals of a Kreis that no other test of this file has touched; nobody there takes anybody yet. */
export function untouchedKreise(world: () => PatientsWorld) {
  const left = [...KREISE];
  return (count: number): Promise<Hospital[]> => hospitalsIn(world(), left.shift()!, count);
}

/** Does something in capacity that must succeed. */
export async function doInCapacity(
  world: PatientsWorld,
  field: string,
  input: object,
): Promise<any> {
  const type = inputTypeOf(field);
  const { data, errors } = await world.requestCapacity(
    `mutation ($input: ${type}!) { outcome: ${field}(input: $input) { __typename ... on Refusal { message } } }`,
    { input: { idempotencyKey: newKey(), ...input } },
    { role: 'crisis-staff', areas: [''], subject: 'staff' },
  );
  if (errors || data.outcome.message) throw new Error(JSON.stringify(errors ?? data));
}

export type Slots = Partial<Record<'SK_I' | 'SK_II' | 'SK_III', number>>;

/** Declares a hospital as a trauma centre with these capabilities and intake slots. */
export async function opens(
  world: PatientsWorld,
  { id: facility }: Hospital,
  slots: Slots,
  capabilities: string[] = [],
): Promise<void> {
  const said = { facility, source: 'duty manager', method: 'REPORTED' };
  await doInCapacity(world, 'declareCapabilities', {
    ...said,
    traumaLevel: 'REGIONAL',
    capabilities,
  });
  await doInCapacity(world, 'declareIntake', {
    ...said,
    until: new Date(world.clock.now.getTime() + 300 * DAY_MS),
    numbers: ['SK_I', 'SK_II', 'SK_III'].map((category) => ({
      category,
      immediate: slots[category as keyof Slots] ?? 0,
    })),
  });
}

/** A patient of SK I, whom only a physician triages. */
export const SK_I = { category: 'SK_I', physician: true };

/** Hospitals of one Kreis with slots, and an incident beside the first of them. */
export interface ProposalScene {
  hospitals: Hospital[];
  incident: string;
  /** Limits a proposal to the Kreis, and expects nobody to walk in. */
  planInput: { area: string; parameters: typeof NO_WALK_INS };
}

/** Prepares scenes in Kreise that no other test of this file has touched. */
export function untouchedScenes(world: () => PatientsWorld) {
  const newKreis = untouchedKreise(world);
  const newScene = async (
    count: number,
    slots: Slots,
    capabilities: string[] = [],
  ): Promise<ProposalScene> => {
    const hospitals = await newKreis(count);
    for (const hospital of hospitals) await opens(world(), hospital, slots, capabilities);
    const incident = await incidentBeside(world(), hospitals[0]!);
    const planInput = { area: hospitals[0]!.area, parameters: NO_WALK_INS };
    return { hospitals, incident, planInput };
  };
  return { newKreis, newScene };
}

/** Declares an incident in the middle of a hospital. */
export async function incidentBeside(
  world: PatientsWorld,
  { area, position }: Hospital,
  changes: object = {},
): Promise<string> {
  const name = 'Train accident';
  const { data, errors } = await world.request(
    `mutation ($input: DeclareIncidentInput!) { declareIncident(input: $input) { ... on Incident { id } ... on Refusal { message } } }`,
    {
      input: {
        name,
        hazard: 'MASS_CASUALTY',
        position,
        area,
        idempotencyKey: newKey(),
        ...changes,
      },
    },
  );
  if (errors || data.declareIncident.message) throw new Error(JSON.stringify(errors ?? data));
  return data.declareIncident.id;
}

const REJECTED = 'rejected { facility { id } minutes code reason }';
export const PLAN = `id incident { id } facility { id } area region { code } wave status digest settledReason
  parameters { name number choice }
  summary { patients allocated unallocated weightedMinutes cost optimalityGap solverMilliseconds timedOut method confirmed lost }
  assignments(first: 500) { totalCount nodes { patient { id } facility { id } category minutes method means withPhysician
    reasons { code message } ${REJECTED} outcome transfer { id } overrideReason } }
  unallocated(first: 500) { totalCount nodes { patient { id } code reason ${REJECTED} } }
  load(first: 500) { totalCount nodes { facility { id } category assigned allowed limit method } }`;

const OUTCOMES: Record<string, string> = {
  proposeAllocation: `... on UnknownIncident { unknown: incidentId } ... on IncidentEnded { closed: incident { id } } ... on NobodyToAllocate { considered }
    ... on UnknownFacility { missing: facilityId } ... on InvalidParameter { field } ... on IdempotencyKeyReused { field }`,
  distributeFrom: `... on NobodyToAllocate { considered } ... on UnknownFacility { missing: facilityId } ... on InvalidParameter { field }
    ... on IdempotencyKeyReused { field }`,
  discardAllocation: `... on UnknownPlan { planId } ... on PlanEnded { plan { id status } }`,
};

/** Proposes or discards a plan and returns the whole response. */
export function planRaw(
  world: PatientsWorld,
  field: string,
  input: object,
  who: TestIdentity = CONTROL_ROOM,
): Promise<GraphQLResponse> {
  const type = inputTypeOf(field);
  const key = field === 'discardAllocation' ? {} : { idempotencyKey: newKey() };
  return world.request(
    `mutation ($input: ${type}!) { outcome: ${field}(input: $input) { __typename ... on Refusal { message }
      ... on AllocationPlan { ${PLAN} } ${OUTCOMES[field]} } }`,
    { input: { ...key, ...input } },
    who,
  );
}

/** Proposes or discards a plan and returns the outcome. */
export async function planned(
  world: PatientsWorld,
  field: string,
  input: object,
  who?: TestIdentity,
): Promise<any> {
  const { data, errors } = await planRaw(world, field, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.outcome;
}

/** Proposes a plan for an incident, as the control room of all of Germany. */
export function propose(
  world: PatientsWorld,
  incident: string,
  changes: object = {},
  who?: TestIdentity,
) {
  return planned(world, 'proposeAllocation', { incident, ...changes }, who);
}

/** Nobody is expected to walk in. */
export const NO_WALK_INS = { walkInSkI: 0, walkInSkII: 0, walkInSkIII: 0 };

/** Returns the number of patients that a plan assigns to each facility. */
export function givenBy(plan: any): Map<string, number> {
  const given = new Map<string, number>();
  for (const { facility } of plan.assignments.nodes) {
    given.set(facility.id, (given.get(facility.id) ?? 0) + 1);
  }
  return given;
}

/** Returns the code of the reason why each unallocated patient of a plan has no facility. */
export function whyLeft(plan: any): Record<string, string> {
  return Object.fromEntries(
    plan.unallocated.nodes.map(({ patient, code }: any) => [patient.id, code]),
  );
}

/** Returns the entry of a patient in a plan; undefined if the plan assigns no facility. */
export function entryOf(plan: any, patient: string): any {
  return plan.assignments.nodes.find((one: any) => one.patient.id === patient);
}
