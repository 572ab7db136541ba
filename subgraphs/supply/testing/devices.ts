import { randomUUID } from 'node:crypto';
import { inputTypeOf } from '../../../shared/testing/graphql-response.js';
import { staffOf, type SupplyWorld, type TestIdentity } from './supply-world.js';

/** Fields of a fault that tests select. */
const FAULT = `id status resolution area kind failedDevices devices since expectedRepairAt technicianExpectedAt acknowledgeUntil
  acknowledgedAt escalatedAt closedAt assessedAt categoriesWithoutEffect facility { id } servicePartner { id } beds { category missing intact }
  steps { act by byPartner expectedAt resolution note }`;
const OUTCOME = `__typename ... on Refusal { message } ... on DeviceFault { ${FAULT} } ... on DeviceFaultEnded { deviceFault { id status } }
  ... on UnknownDeviceFault { deviceFaultId }`;
const REPORT_OUTCOME = `__typename ... on Refusal { message } ... on DeviceFault { ${FAULT} } ... on InvalidDeviceFault { field }
  ... on FaultOfLifeline { lifelineKinds } ... on NotServicePartner { organisation { id } }`;

/** Two of eight ventilators failed just now, and two beds of intensive care are missing. */
export function ventilators(world: SupplyWorld, facility: string, changes: object = {}) {
  return {
    facility,
    kind: 'VENTILATOR',
    failedDevices: 2,
    devices: 8,
    source: 'intensive care',
    beds: [{ category: 'ICU_HIGH_CARE', beds: 2 }],
    observedAt: world.clock.now.toISOString(),
    idempotencyKey: randomUUID(),
    ...changes,
  };
}

/** Reports a fault and returns its outcome, or the code of the error. */
export async function reportFault(
  world: SupplyWorld,
  input: { facility: string },
  who: TestIdentity = staffOf(input.facility),
) {
  const { data, errors } = await world.request(
    `mutation ($input: ReportDeviceFaultInput!) { reportDeviceFault(input: $input) { ${REPORT_OUTCOME} } }`,
    { input },
    who,
  );
  return errors ? errors[0]!.extensions['code'] : data.reportDeviceFault;
}

/** Takes a step of a case and returns its outcome, or the code of the error. */
export async function step(world: SupplyWorld, field: string, input: object, who: TestIdentity) {
  const type = inputTypeOf(field);
  const { data, errors } = await world.request(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${OUTCOME} } }`,
    { input: { idempotencyKey: randomUUID(), ...input } },
    who,
  );
  return errors ? errors[0]!.extensions['code'] : data[field];
}

/** Closes a case for its facility. */
export function close(world: SupplyWorld, fault: { id: string; facility: { id: string } }) {
  const input = { fault: fault.id, resolution: 'REPAIRED' };
  return step(world, 'closeDeviceFault', input, staffOf(fault.facility.id));
}

/** The fault as a caller sees it. */
export async function faultOf(world: SupplyWorld, id: string, who?: TestIdentity) {
  const { data, errors } = await world.request(
    `query ($id: ID!) { deviceFault(id: $id) { ${FAULT} } }`,
    { id },
    who,
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data.deviceFault;
}

/** Returns the beds of a category of a facility as capacity shows them. */
export async function bedsIn(world: SupplyWorld, facility: string, category = 'ICU_HIGH_CARE') {
  const { data, errors } = await world.capacity.request(
    `query ($id: ID!, $category: BedCategory) { facility(id: $id) { beds(category: $category) { operable free sustainable { beds cause } } } }`,
    { id: facility, category },
    { role: 'crisis-staff', areas: [''], subject: 'test' },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  const { operable, free, sustainable } = data.facility.beds[0];
  return { operable, free, sustainable: sustainable?.beds ?? null };
}
