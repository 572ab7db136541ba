import type { GraphQLResponse, CapacityWorld, TestIdentity } from './capacity-world.js';

let keys = 0;
/** A key that nobody has used. */
export const newKey = () => `test ${++keys}`;

/** A declaration that the rules accept for a hospital, with whatever the test is about. */
export function declaration(world: CapacityWorld, facility: string, changes: object = {}) {
  return {
    facility,
    source: 'duty manager',
    method: 'REPORTED',
    until: world.inDays(30),
    numbers: [{ category: 'SK_I', immediate: 3, afterAlarmPlan: 4, perHour: 2 }],
    idempotencyKey: newKey(),
    ...changes,
  };
}

const INTAKE = `category immediate afterAlarmPlan perHour limit reserved free method source assumption until`;

export function declareRaw(
  world: CapacityWorld,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: DeclareIntakeInput!) { declareIntake(input: $input) {
      __typename
      ... on Facility { id intake { ${INTAKE} } }
      ... on Refusal { message }
      ... on ImplausibleCount { field value minimum maximum }
      ... on InvalidIntake { field missing: uncovered }
      ... on CategoryNotTaken { category facilityKind allowed }
      ... on InvalidIntakeWindows { category first second }
      ... on ValidityOutOfRange { field at earliest latest }
      ... on IdempotencyKeyReused { used: field } } }`,
    { input },
    who,
  );
}

/** Declares and gives the outcome. */
export async function declare(world: CapacityWorld, input: object, who?: TestIdentity) {
  const { data, errors } = await declareRaw(world, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.declareIntake;
}

/** Returns the intake of a facility, at an instant or now. */
export async function intakeOf(world: CapacityWorld, facility: string, at?: Date) {
  const { data, errors } = await world.request(
    `query ($facility: ID!, $at: DateTime) { facility(id: $facility) { intake(at: $at) { ${INTAKE} } } }`,
    { facility, at },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.facility.intake;
}

const OF_PLAN = `__typename
  ... on Facility { id alarmPlan { id reason activatedAt until } intake { category limit } }
  ... on Refusal { message }`;
const REFUSED = `
  ... on AlarmPlanExists { active: alarmPlan { id reason until } }
  ... on InvalidAlarmPlan { field }
  ... on AlarmPlanEndOutOfRange { field at earliest latest }`;

export function activateRaw(
  world: CapacityWorld,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: ActivateAlarmPlanInput!) { activateAlarmPlan(input: $input) { ${OF_PLAN} ${REFUSED} } }`,
    { input: { reason: 'many casualties', idempotencyKey: newKey(), ...input } },
    who,
  );
}

/** Activates an alarm plan and gives the outcome. */
export async function activate(world: CapacityWorld, input: object, who?: TestIdentity) {
  const { data, errors } = await activateRaw(world, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.activateAlarmPlan;
}

export function endPlan(
  world: CapacityWorld,
  alarmPlan: string,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: EndAlarmPlanInput!) { endAlarmPlan(input: $input) { ${OF_PLAN} ... on UnknownAlarmPlan { given: alarmPlanId } } }`,
    { input: { alarmPlan } },
    who,
  );
}

export function declareCapabilitiesRaw(
  world: CapacityWorld,
  input: object,
  who?: TestIdentity,
): Promise<GraphQLResponse> {
  return world.request(
    `mutation ($input: DeclareCapabilitiesInput!) { declareCapabilities(input: $input) {
      __typename
      ... on Facility { id traumaLevel capabilities
        capabilityDeclarations { source method traumaLevel capabilities declaredAt inForce } }
      ... on Refusal { message }
      ... on InvalidCapabilities { field } } }`,
    {
      input: {
        source: 'duty manager',
        method: 'REPORTED',
        capabilities: [],
        idempotencyKey: newKey(),
        ...input,
      },
    },
    who,
  );
}

/** Declares capabilities and gives the outcome. */
export async function declareCapabilities(world: CapacityWorld, input: object, who?: TestIdentity) {
  const { data, errors } = await declareCapabilitiesRaw(world, input, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.declareCapabilities;
}
