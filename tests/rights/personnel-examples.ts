import type { Example } from './example.js';

/** An id that nothing has. */
const NONE = '00000000-0000-4000-8000-000000000000';
/** Nobody is registered whom these callers see. */
const SEES_NOBODY: Example = {
  operation: `{ professional(id: "${NONE}") { id } professionals(first: 1) { totalCount } }`,
  at: ['professionals'],
};
/** A registration that everybody with the right makes for the facility of the table. */
const REGISTRATION = `{ identity: { givenName: "Rights", familyName: "Table", birthDate: "1980-01-01", birthPlace: "Berlin" }, homeArea: "05315",
  employment: { facility: $facility, group: NURSE }, reachability: NEVER, consentAt: $now, qualifications: [] }`;

/** Operations of the personnel subgraph, with the variables of the other examples. */
export const PERSONNEL_EXAMPLES: Readonly<Record<string, Example>> = {
  'Query.personnelCursor': { operation: '{ personnelCursor }', at: ['personnelCursor'] },
  'Query.staffing': {
    operation: '{ staffing(area: "", phase: EVERYDAY) { phase } }',
    at: ['staffing'],
  },
  'Facility.staffing': {
    operation:
      'query ($facility: ID!) { facility(id: $facility) { staffing(phase: CATASTROPHE) { rostered } } }',
    at: ['facility', 'staffing'],
  },
  'Facility.staffedBeds': {
    operation:
      'query ($facility: ID!) { facility(id: $facility) { staffedBeds(phase: CATASTROPHE) { beds } } }',
    at: ['facility', 'staffedBeds'],
  },
  'Query.professions': { operation: '{ professions { oid } }', at: ['professions'] },
  'Query.chambers': { operation: '{ chambers { id } }', at: ['chambers'] },
  'Query.professional': {
    operation: `{ professional(id: "${NONE}") { id } }`,
    at: ['professional'],
    by: {
      hospital: SEES_NOBODY,
      'health-office': SEES_NOBODY,
      chamber: SEES_NOBODY,
      supplier: SEES_NOBODY,
      professional: SEES_NOBODY,
    },
  },
  'Query.professionals': {
    operation: '{ professionals(first: 1) { totalCount } }',
    at: ['professionals'],
  },
  'Query.personnelAuditEntries': {
    operation: '{ personnelAuditEntries(first: 1) { totalCount } }',
    at: ['personnelAuditEntries'],
  },
  'Mutation.registerProfessional': {
    operation: `mutation ($facility: ID!, $now: DateTime!, $key: String!) {
      registerProfessional(input: { professional: ${REGISTRATION}, idempotencyKey: $key }) { __typename } }`,
    at: ['registerProfessional'],
    atFacility: ['supplier', 'service'],
  },
  'Mutation.registerProfessionals': {
    operation: `mutation ($facility: ID!, $now: DateTime!, $key: String!) {
      registerProfessionals(input: { professionals: [${REGISTRATION}], idempotencyKey: $key }) { __typename } }`,
    at: ['registerProfessionals'],
    atFacility: ['supplier', 'service'],
  },
  'Mutation.confirmSamePerson': {
    operation: `mutation ($key: String!) {
      confirmSamePerson(input: { duplicate: "${NONE}", isSame: true, idempotencyKey: $key }) { __typename } }`,
    at: ['confirmSamePerson'],
  },
  'Mutation.eraseProfessional': {
    operation: `mutation { eraseProfessional(input: { professional: "${NONE}" }) { __typename } }`,
    at: ['eraseProfessional'],
  },
  'Subscription.staffingChanged': {
    operation:
      'subscription ($beforePersonnel: String!) { staffingChanged(phase: EVERYDAY, after: $beforePersonnel) { caughtUp } }',
    at: ['staffingChanged'],
  },
  'Region.staffing': {
    operation: '{ region(code: "05") { staffing(phase: EVERYDAY) { rostered } } }',
    at: ['region', 'staffing'],
  },
};
