import type { Example } from './example.js';

/**
 * `$facility` is a facility's id, `$report` a report of it, `$closure` a closure of it, `$reservation` the id of a reservation
 * there, `$after` a cursor behind which all of them were made.
 */
export const CAPACITY_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.capacityCursor': { operation: '{ capacityCursor }', at: ['capacityCursor'] },
  'Query.region': { operation: '{ region(code: "DE") { code } }', at: ['region'] },
  'Query.regions': { operation: '{ regions(level: COUNTRY) { code } }', at: ['regions'] },
  'Query.facility': {
    operation: 'query ($facility: ID!) { facility(id: $facility) { id } }',
    at: ['facility'],
  },
  'Query.facilities': {
    operation: '{ facilities(first: 1) { totalCount } }',
    at: ['facilities'],
  },
  'Query.places': { operation: '{ places(first: 1) { totalCount } }', at: ['places'] },
  'Mutation.reportCapacity': {
    operation:
      'mutation ($report: ReportCapacityInput!) { reportCapacity(input: $report) { __typename } }',
    at: ['reportCapacity'],
  },
  'Mutation.reportCapacities': {
    operation:
      'mutation ($report: ReportCapacityInput!) { reportCapacities(input: { reports: [$report] }) { outcomes { __typename } } }',
    at: ['reportCapacities'],
  },
  'Query.disagreements': {
    operation: '{ disagreements(area: "05315", first: 1) { nodes { beds { category } } } }',
    at: ['disagreements'],
  },
  'Query.sustainabilityToReview': {
    operation: '{ sustainabilityToReview(area: "05315", first: 1) { nodes { cause } } }',
    at: ['sustainabilityToReview'],
  },
  'Mutation.overrideSustainability': {
    operation:
      'mutation ($facility: ID!) { overrideSustainability(input: { facility: $facility, cause: POWER, until: "2099-01-01T00:00:00Z", reason: "the rights table", idempotencyKey: "the rights table" }) { __typename } }',
    at: ['overrideSustainability'],
  },
  'Mutation.closeDepartment': {
    operation:
      'mutation ($closure: CloseDepartmentInput!) { closeDepartment(input: $closure) { __typename } }',
    at: ['closeDepartment'],
  },
  'Mutation.reopenDepartment': {
    operation:
      'mutation ($facility: ID!) { reopenDepartment(input: { closure: $facility }) { __typename } }',
    at: ['reopenDepartment'],
  },
  'Mutation.overrideClosure': {
    operation:
      'mutation ($facility: ID!) { overrideClosure(input: { closure: $facility, reason: "the rights table" }) { __typename } }',
    at: ['overrideClosure'],
  },
  'Mutation.declareCareLevel': {
    operation:
      'mutation ($facility: ID!) { declareCareLevel(input: { facility: $facility, level: STANDARD, reason: "the rights table", idempotencyKey: "the rights table" }) { __typename } }',
    at: ['declareCareLevel'],
  },
  'Mutation.declareIntake': {
    operation:
      'mutation ($facility: ID!) { declareIntake(input: { facility: $facility, source: "the rights table", method: REPORTED, until: "2099-01-01T00:00:00.000Z", numbers: [], idempotencyKey: "the rights table" }) { __typename } }',
    at: ['declareIntake'],
  },
  'Mutation.activateAlarmPlan': {
    operation:
      'mutation ($facility: ID!) { activateAlarmPlan(input: { facility: $facility, reason: "", idempotencyKey: "the rights table" }) { __typename } }',
    at: ['activateAlarmPlan'],
  },
  'Mutation.endAlarmPlan': {
    operation:
      'mutation ($facility: ID!) { endAlarmPlan(input: { alarmPlan: $facility }) { __typename } }',
    at: ['endAlarmPlan'],
  },
  'Mutation.declareCapabilities': {
    operation:
      'mutation ($facility: ID!) { declareCapabilities(input: { facility: $facility, source: "", method: REPORTED, capabilities: [], idempotencyKey: "the rights table" }) { __typename } }',
    at: ['declareCapabilities'],
  },
  'Subscription.closureChanged': {
    operation: 'subscription ($after: String!) { closureChanged(after: $after) { at } }',
    at: ['closureChanged'],
  },
  'Query.phases': { operation: '{ phases { id } }', at: ['phases'] },
  'Mutation.declarePhase': {
    operation:
      'mutation { declarePhase(input: { area: "", phase: EVERYDAY, hazard: FLOOD, legalBasis: "", idempotencyKey: "declare" }) { __typename } }',
    at: ['declarePhase'],
  },
  'Mutation.endPhase': {
    operation:
      'mutation ($facility: ID!) { endPhase(input: { phase: $facility, reason: "the rights table" }) { __typename } }',
    at: ['endPhase'],
  },
  'Mutation.holdBeds': {
    operation:
      'mutation ($facility: ID!) { holdBeds(input: { facility: $facility, category: BURN, count: 1, countsFrom: PANDEMIC, reason: "the rights table", idempotencyKey: "hold" }) { __typename } }',
    at: ['holdBeds'],
  },
  'Mutation.releaseHold': {
    operation:
      'mutation ($facility: ID!) { releaseHold(input: { hold: $facility, count: 1, reason: "the rights table", idempotencyKey: "release" }) { __typename } }',
    at: ['releaseHold'],
  },
  'Subscription.phaseChanged': {
    operation: 'subscription ($after: String!) { phaseChanged(after: $after) { at } }',
    at: ['phaseChanged'],
  },
  'Subscription.capacityChanged': {
    operation: 'subscription ($after: String!) { capacityChanged(after: $after) { at } }',
    at: ['capacityChanged'],
  },
  'Query.reservation': {
    atFacility: ['service'],
    operation: 'query ($reservation: ID!) { reservation(id: $reservation) { id } }',
    at: ['reservation'],
  },
  'Query.reservations': {
    operation: '{ reservations(first: 1) { totalCount } }',
    at: ['reservations'],
  },
  'Mutation.reserveBeds': {
    operation:
      'mutation ($facility: ID!) { reserveBeds(input: { items: [{ facility: $facility, category: ICU_UNSPECIFIED }], kind: PRIMARY, idempotencyKey: "the rights table" }) { __typename ... on Reservation { id } } }',
    at: ['reserveBeds'],
  },
  'Mutation.confirmReservation': {
    operation:
      'mutation ($facility: ID!) { confirmReservation(input: { reservation: $facility }) { __typename } }',
    at: ['confirmReservation'],
  },
  'Mutation.redeemReservation': {
    operation:
      'mutation ($facility: ID!) { redeemReservation(input: { reservation: $facility }) { __typename } }',
    at: ['redeemReservation'],
  },
  'Mutation.releaseReservation': {
    operation:
      'mutation ($facility: ID!) { releaseReservation(input: { reservation: $facility }) { __typename } }',
    at: ['releaseReservation'],
  },
  'Subscription.reservationChanged': {
    atFacility: ['service'],
    operation: 'subscription ($after: String!) { reservationChanged(after: $after) { at } }',
    at: ['reservationChanged'],
  },
  Reservation: {
    atFacility: ['service'],
    operation: '{ reservations(first: 1) { nodes { kind } } }',
    at: ['reservations', 'nodes', 0, 'kind'],
  },
  Region: { operation: '{ regions(level: COUNTRY) { name } }', at: ['regions', 0, 'name'] },
  Facility: {
    operation: '{ facilities(first: 1) { nodes { name } } }',
    at: ['facilities', 'nodes', 0, 'name'],
  },
};
