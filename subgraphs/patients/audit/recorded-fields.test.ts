import { buildSubgraphSchema } from '@apollo/subgraph';
import { getNamedType, isObjectType, type GraphQLObjectType } from 'graphql';
import { typeDefsOf } from '../../../shared/subgraph/type-defs.js';
import { relationsOf } from './recording.js';
import { RELATIONS } from './relations.js';

const schema = buildSubgraphSchema(typeDefsOf('patients'));
const relations = relationsOf(schema);
const objects = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !/^_|^Mutation$/.test(type.name),
);

/**
 * Every field that discloses no single patient, without those of recorded types and of types that only recorded types lead to.
 * A new field is listed here, or its type is marked `@recorded`.
 */
const FIELDS_WITHOUT_PATIENT: Readonly<Record<string, string>> = {
  // These fields only lead to objects.
  Query: `{ allocationParameters allocationPlan incident incidents patient patientByTag patientsAuditEntries patientsCursor
    transfer transfers vehicle }`,
  Subscription: '{ allocationChanged incidentChanged patientChanged transferChanged }',
  AllocationChange: '{ at caughtUp cursor plan }',
  IncidentChange: '{ at caughtUp cursor incident }',
  PatientChange: '{ at caughtUp cursor patient }',
  TransferChange: '{ at caughtUp cursor transfer }',
  PageInfo: '{ endCursor hasNextPage hasPreviousPage startCursor }',
  AssignmentConnection: '{ edges nodes pageInfo totalCount }',
  AssignmentEdge: '{ cursor node }',
  AuditEntryConnection: '{ edges nodes pageInfo totalCount }',
  AuditEntryEdge: '{ cursor node }',
  IncidentConnection: '{ edges nodes pageInfo totalCount }',
  IncidentEdge: '{ cursor node }',
  LoadConnection: '{ edges nodes pageInfo totalCount }',
  LoadEdge: '{ cursor node }',
  LostConnection: '{ edges nodes pageInfo totalCount }',
  LostEdge: '{ cursor node }',
  PatientConnection: '{ edges nodes pageInfo totalCount }',
  PatientEdge: '{ cursor node }',
  TransferConnection: '{ edges nodes pageInfo totalCount }',
  TransferEdge: '{ cursor node }',
  UnallocatedConnection: '{ edges nodes pageInfo totalCount }',
  UnallocatedEdge: '{ cursor node }',
  Facility: '{ id inbound inboundCount }',
  Region: '{ code }',
  RegisteredCasualties: '{ outcomes }',
  // Incidents, plans and vehicles as a whole; numbers of casualties are suppressed where they are small.
  Incident: `{ allocationPlans area casualties closedAt declaredAt estimatedCasualties hazard id leadingArea name patients position
    region remaining sections status timeline }`,
  Section: '{ id kind name openedAt position }',
  IncidentEntry: '{ at by kind text }',
  CasualtyCount: '{ category count }',
  RemainingCasualties: '{ atScene onTheWay }',
  Position: '{ latitude longitude }',
  AllocationPlan: `{ area assignments digest facility id incident load lost parameters proposedAt proposedBy region settledAt settledBy
    settledReason status summary unallocated wave }`,
  AllocationSummary: `{ allocated confirmed cost lost method optimalityGap overridden patients solverMilliseconds timedOut
    unallocated weightedMinutes }`,
  AllocationParameter:
    '{ choice defaultChoice defaultNumber description least most name number source unit }',
  FacilityLoad: '{ allowed assigned category facility limit method }',
  Vehicle: `{ area callSign id inconsistencies means physician places radioStatus radioStatusAt region reports transfers ventilator }`,
  VehicleReport: '{ at by inconsistency status }',
  // It has an entry of its own, with the purpose that the reader stated.
  Identity: '{ dateOfBirth name tag }',
  // The audit itself; reading it has an entry of its own.
  AuditEntry: `{ action at by count criteria field found id incidentId operation patientIds purpose readerFacilityIds roles statedPurpose transferId }`,
};

/** Every refusal that is not recorded, with the reason why it discloses nothing of a patient. */
const REFUSALS_WITHOUT_PATIENT: Readonly<Record<string, string>> = {
  AmbiguousFacility: 'what was sent',
  EstimatedArrivalOutOfRange: 'what was sent',
  IdempotencyKeyReused: 'what the caller sent before',
  IncidentEnded: 'an incident',
  InvalidFindings: 'what is missing in what was sent',
  InvalidIdentity: 'a field of what was sent',
  InvalidParameter: 'what was sent',
  InvalidPosition: 'what was sent',
  InvalidPzc: 'what was sent',
  InvalidTag: 'what was sent',
  InvalidText: 'a field of what was sent',
  NobodyToAllocate: 'a number of an incident or facility as a whole',
  NotByPhysician: 'what was sent, or what follows from the findings that were sent',
  NotWider: 'who leads an incident',
  PlanEnded: 'leads to a plan, which names patients in recorded types alone',
  ReportTimeOutOfRange: 'what was sent',
  ReservationInUse: 'a reservation of the caller, without its patient',
  SectionExists: 'a section of an incident',
  UnknownFacility: 'what was sent',
  UnknownIncident: 'what was sent',
  UnknownPatient: 'what was sent; the same for a patient who is hidden and one who does not exist',
  UnknownPlan: 'what was sent',
  UnknownSection: 'what was sent',
  UnknownTransfer:
    'what was sent; the same for a transfer that is hidden and one that does not exist',
  UnknownVehicle: 'what was sent',
  VehicleElsewhere: 'who leads a vehicle',
  VehicleFull: 'free capacity of a vehicle; null if the caller does not see all its patients',
  VehicleInUse: 'a number of patients; null if the caller does not see all of them',
  VehicleIsAnother: 'what a vehicle is',
};

/** Returns the types that only objects of recorded types lead to. */
function reachedOnlyThroughRecorded(): Set<string> {
  const reached = new Set<string>();
  const queue = [
    ...(['getQueryType', 'getMutationType', 'getSubscriptionType'] as const).map((get) =>
      schema[get]()!,
    ),
    schema.getType('Facility') as GraphQLObjectType,
  ];
  for (const type of queue) {
    if (reached.has(type.name) || relations.has(type.name)) continue;
    reached.add(type.name);
    for (const { type: result } of Object.values(type.getFields())) {
      const named = getNamedType(result);
      if (isObjectType(named)) queue.push(named);
      else if ('getTypes' in named) queue.push(...named.getTypes());
    }
  }
  return new Set(objects.map(({ name }) => name).filter((name) => !reached.has(name)));
}

const isRefusalType = (type: GraphQLObjectType) =>
  type.getInterfaces().some(({ name }) => name === 'Refusal');

const fieldsOf = (selection: string) => (selection.match(/\w+/g) ?? []).sort();

test('every field of the schema belongs to a recorded type, or is listed as disclosing no single patient', () => {
  const covered = reachedOnlyThroughRecorded();
  const open = objects.filter(
    (type) => !relations.has(type.name) && !covered.has(type.name) && !isRefusalType(type),
  );
  const listed = (names: string[]) => names.filter((name) => !name.startsWith('_')).sort();
  expect(
    Object.fromEntries(open.map((type) => [type.name, listed(Object.keys(type.getFields()))])),
  ).toEqual(
    Object.fromEntries(
      Object.entries(FIELDS_WITHOUT_PATIENT).map(([name, selection]) => [
        name,
        fieldsOf(selection),
      ]),
    ),
  );
});

test('every refusal is recorded, or is listed with the reason why it discloses nothing of a patient', () => {
  const unrecorded = objects.filter((type) => isRefusalType(type) && !relations.has(type.name));
  expect(unrecorded.map(({ name }) => name).sort()).toEqual(Object.keys(REFUSALS_WITHOUT_PATIENT));
});

test('every type that discloses a patient has a relation, and each relation is implemented', () => {
  expect([...relations.keys()].sort()).toEqual([
    'AlreadyThere',
    'ApprovalNotOpen',
    'Assignment',
    'DestinationUnclear',
    'Inbound',
    'LostAssignment',
    'NoSlotLeft',
    'NotAtScene',
    'NotTransportable',
    'OverrideNotPossible',
    'Patient',
    'PatientErased',
    'ReservationUnfit',
    'StepNotPossible',
    'TagInUse',
    'Transfer',
    'TransferExists',
    'TransportUnfit',
    'UnallocatedPatient',
  ]);
  for (const relation of relations.values()) expect(Object.keys(RELATIONS)).toContain(relation);
});

test('no listed type is missing in the schema, and none is recorded', () => {
  const names = objects.map(({ name }) => name);
  for (const type of Object.keys(FIELDS_WITHOUT_PATIENT)) {
    expect(names).toContain(type);
    expect(relations.has(type)).toBe(false);
  }
});
