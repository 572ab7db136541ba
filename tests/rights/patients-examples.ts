import type { Example } from './example.js';

/**
 * `$facility` is a hospital. `$patient` with `$tag` is treated there, as are `$dead` and `$erased`; `$casualty` of `$incident`
 * comes to it by `$inbound`, with the vehicle Test 1. From it start `$transfer`, which is not approved, and `$relocation`,
 * a strategic one with the vehicle Test 3. `$plan` is a confirmed one for a patient of that hospital. `$since` is a cursor behind which all of this was done, `$now` the time, `$key` a new one for
 * every call.
 */
export const PATIENTS_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.patientsCursor': { operation: '{ patientsCursor }', at: ['patientsCursor'] },
  'Query.incident': {
    operation: 'query ($incident: ID!) { incident(id: $incident) { id } }',
    at: ['incident'],
  },
  'Query.incidents': { operation: '{ incidents(first: 1) { totalCount } }', at: ['incidents'] },
  'Query.patient': {
    operation: 'query ($patient: ID!) { patient(id: $patient) { id } }',
    at: ['patient'],
  },
  'Query.patientByTag': {
    operation:
      'query ($tag: String!) { patientByTag(tag: $tag, purpose: "the rights table") { id } }',
    at: ['patientByTag'],
  },
  'Query.transfer': {
    operation: 'query ($relocation: ID!) { transfer(id: $relocation) { id } }',
    at: ['transfer'],
  },
  'Query.transfers': { operation: '{ transfers(first: 1) { totalCount } }', at: ['transfers'] },
  'Query.vehicle': {
    operation: '{ vehicle(callSign: "Test 1") { callSign } }',
    at: ['vehicle'],
  },
  'Query.allocationPlan': {
    operation: 'query ($plan: ID!) { allocationPlan(id: $plan) { id } }',
    at: ['allocationPlan'],
  },
  'Query.allocationParameters': {
    operation: '{ allocationParameters { name } }',
    at: ['allocationParameters'],
  },
  'Query.patientsAuditEntries': {
    operation: '{ patientsAuditEntries(first: 1) { totalCount } }',
    at: ['patientsAuditEntries'],
  },
  'Mutation.declareIncident': mutation(
    'declareIncident',
    'name: "Rights", hazard: FLOOD, position: { latitude: 50.9, longitude: 7 }, area: "05315", idempotencyKey: $key',
  ),
  'Mutation.updateEstimate': mutation(
    'updateEstimate',
    'incident: $incident, estimatedCasualties: 7',
  ),
  'Mutation.openSection': mutation(
    'openSection',
    'incident: $incident, name: "BHP", kind: TREATMENT, idempotencyKey: $key',
  ),
  'Mutation.escalateIncident': mutation(
    'escalateIncident',
    'incident: $incident, leadingArea: "05", reason: "the rights table"',
  ),
  'Mutation.closeIncident': mutation(
    'closeIncident',
    'incident: $incident, reason: "the rights table"',
  ),
  'Mutation.registerCasualties': mutation(
    'registerCasualties',
    'facility: $facility, casualties: [{ tag: $key }], idempotencyKey: $key',
  ),
  'Mutation.triagePatient': mutation(
    'triagePatient',
    'patient: $patient, category: SK_II, idempotencyKey: $key',
  ),
  'Mutation.recordDeath': mutation('recordDeath', 'patient: $dead'),
  'Mutation.revealIdentity': mutation(
    'revealIdentity',
    'patient: $patient, purpose: "the rights table"',
  ),
  // Family information has no patient: it learns no more than that a name is none.
  'Mutation.recordIdentity': {
    ...mutation('recordIdentity', 'patient: $patient, name: "Erika", idempotencyKey: $key'),
    by: {
      'family-information': mutation(
        'recordIdentity',
        'patient: $patient, name: "", idempotencyKey: $key',
      ),
    },
  },
  'Mutation.erasePatient': mutation('erasePatient', 'patient: $erased, reason: "the rights table"'),
  'Mutation.requestTransfer': mutation(
    'requestTransfer',
    'patient: $patient, kind: SECONDARY, bedCategory: BURN, idempotencyKey: $key',
  ),
  'Mutation.approveTransfer': {
    ...mutation(
      'approveTransfer',
      'transfer: $transfer, decision: DEFER, reason: "the rights table"',
    ),
    by: {
      spoc: mutation(
        'approveTransfer',
        'transfer: $relocation, decision: DEFER, reason: "the rights table"',
      ),
    },
  },
  'Mutation.requestDestination': mutation(
    'requestDestination',
    'transfer: $transfer, to: $facility',
  ),
  'Mutation.acceptTransfer': mutation('acceptTransfer', 'transfer: $inbound'),
  'Mutation.refuseTransfer': mutation(
    'refuseTransfer',
    'transfer: $inbound, reason: "the rights table"',
  ),
  'Mutation.divertTransfer': mutation(
    'divertTransfer',
    'transfer: $transfer, to: $facility, reason: "the rights table"',
  ),
  'Mutation.handOver': mutation('handOver', 'transfer: $inbound'),
  'Mutation.cancelTransfer': mutation(
    'cancelTransfer',
    'transfer: $transfer, reason: "the rights table"',
  ),
  'Mutation.assignTransport': mutation(
    'assignTransport',
    'transfers: [$transfer], vehicle: "Test 2", means: RTW, idempotencyKey: $key',
  ),
  'Mutation.lendVehicle': {
    operation:
      'mutation { lendVehicle(input: { vehicle: "Test 1", area: "05315" }) { __typename } }',
    at: ['lendVehicle'],
  },
  'Mutation.seekTransport': mutation(
    'seekTransport',
    'transfer: $transfer, reason: "the rights table"',
  ),
  'Mutation.reportVehicleStatus': {
    operation:
      'mutation ($now: DateTime!) { reportVehicleStatus(input: { vehicle: "Test 1", status: 5, at: $now }) { __typename } }',
    at: ['reportVehicleStatus'],
  },
  // A facility proposes for its own patients only: of an incident it learns no more than that a wave 0 is none.
  'Mutation.proposeAllocation': {
    ...mutation('proposeAllocation', 'incident: $incident, idempotencyKey: $key'),
    by: {
      hospital: mutation('proposeAllocation', 'incident: $incident, wave: 0, idempotencyKey: $key'),
    },
  },
  'Mutation.distributeFrom': mutation(
    'distributeFrom',
    'facility: $facility, count: 1, idempotencyKey: $key',
  ),
  'Mutation.confirmAllocation': mutation('confirmAllocation', 'plan: $plan, idempotencyKey: $key'),
  'Mutation.discardAllocation': mutation('discardAllocation', 'plan: $plan'),
  'Subscription.incidentChanged': {
    operation: 'subscription ($since: String!) { incidentChanged(after: $since) { at } }',
    at: ['incidentChanged'],
  },
  'Subscription.patientChanged': {
    operation: 'subscription ($since: String!) { patientChanged(after: $since) { at } }',
    at: ['patientChanged'],
  },
  'Subscription.transferChanged': {
    operation: 'subscription ($since: String!) { transferChanged(after: $since) { at } }',
    at: ['transferChanged'],
  },
  'Subscription.allocationChanged': {
    operation: 'subscription ($since: String!) { allocationChanged(after: $since) { at } }',
    at: ['allocationChanged'],
  },
  Incident: {
    operation: 'query ($incident: ID!) { incident(id: $incident) { name } }',
    at: ['incident', 'name'],
  },
  'Incident.patients': {
    operation: 'query ($incident: ID!) { incident(id: $incident) { patients { totalCount } } }',
    at: ['incident', 'patients'],
  },
  'Incident.allocationPlans': {
    operation: 'query ($incident: ID!) { incident(id: $incident) { allocationPlans { id } } }',
    at: ['incident', 'allocationPlans'],
  },
  Patient: {
    operation:
      'query ($tag: String!) { patientByTag(tag: $tag, purpose: "the rights table") { tag } }',
    at: ['patientByTag', 'tag'],
  },
  Identity: {
    operation:
      'mutation ($patient: ID!) { revealIdentity(input: { patient: $patient, purpose: "the rights table" }) { ... on Identity { tag } } }',
    at: ['revealIdentity', 'tag'],
  },
  Transfer: {
    operation: 'query ($relocation: ID!) { transfer(id: $relocation) { kind } }',
    at: ['transfer', 'kind'],
  },
  // A radio system sees no transfer, and a SPoC requests no vehicle but reads that of a transfer they approve.
  Vehicle: {
    operation: '{ vehicle(callSign: "Test 1") { means } }',
    at: ['vehicle', 'means'],
    by: {
      spoc: {
        operation: 'query ($relocation: ID!) { transfer(id: $relocation) { vehicle { means } } }',
        at: ['transfer', 'vehicle', 'means'],
      },
    },
  },
  AllocationPlan: {
    operation: 'query ($plan: ID!) { allocationPlan(id: $plan) { status } }',
    at: ['allocationPlan', 'status'],
  },
  Inbound: {
    operation: 'query ($facility: ID!) { facility(id: $facility) { inbound { status } } }',
    at: ['facility', 'inbound', 0, 'status'],
  },
  'Facility.inbound': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { inbound { status } } }',
    at: ['facility', 'inbound'],
  },
  'Facility.inboundCount': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { inboundCount } }',
    at: ['facility', 'inboundCount'],
  },
  'Patient.incident': ofPatient('incident', '$casualty', '{ id }'),
  'Patient.category': ofPatient('category'),
  'Patient.triagedByPhysician': ofPatient('triagedByPhysician'),
  'Patient.transportPriority': ofPatient('transportPriority'),
  'Patient.needs': ofPatient('needs'),
  'Patient.ventilated': ofPatient('ventilated'),
  'Patient.physicianEscort': ofPatient('physicianEscort'),
  'Patient.transportable': ofPatient('transportable'),
  'Patient.pzc': ofPatient('pzc', '$patient', '{ code }'),
  'Patient.location': ofPatient('location', '$patient', '{ facility { id } }'),
  'Patient.origin': ofPatient('origin'),
  'Patient.registeredAt': ofPatient('registeredAt'),
  'Patient.diedAt': ofPatient('diedAt', '$dead'),
  'Patient.erasedAt': ofPatient('erasedAt', '$erased'),
  'Patient.triagedAt': ofPatient('triagedAt'),
  'Patient.retriageAt': ofPatient('retriageAt'),
  'Patient.retriageDue': ofPatient('retriageDue'),
  'Patient.triageHistory': ofPatient('triageHistory', '$patient', '{ at }'),
  'Patient.transfer': ofPatient('transfer', '$casualty', '{ id }'),
};

/** A mutation whose variables are ids and `$key`. */
function mutation(name: string, input: string): Example {
  const names = new Set([...input.matchAll(/\$\w+/g)].map(([variable]) => variable));
  const variables = [...names].map((each) => `${each}: ${each === '$key' ? 'String' : 'ID'}!`);
  return {
    operation: `mutation (${variables.join(', ')}) { ${name}(input: { ${input} }) { __typename } }`,
    at: [name],
  };
}

/** A field of a patient; `family-information` comes to one by his tag only. */
function ofPatient(field: string, patient = '$patient', selection = ''): Example {
  return {
    operation: `query (${patient}: ID!) { patient(id: ${patient}) { ${field} ${selection} } }`,
    at: ['patient', field],
    by: {
      'family-information': {
        operation: `query ($tag: String!) { patientByTag(tag: $tag, purpose: "the rights table") { ${field} ${selection} } }`,
        at: ['patientByTag', field],
      },
    },
  };
}
