import type { Example } from './example.js';

/** An id that nothing has. */
const NONE = '00000000-0000-4000-8000-000000000000';
/** Nobody is registered whom these callers see. */
const SEES_NOBODY: Example = {
  operation: `{ professional(id: "${NONE}") { id } professionals(first: 1) { totalCount } }`,
  at: ['professionals'],
};
/** A registration by an employer: the facility or the organisation of the table. */
const registration = (employer: 'facility' | 'organisation') =>
  `{ identity: { givenName: "Rights", familyName: "Table", birthDate: "1980-01-01", birthPlace: "Berlin" }, homeArea: "05315",
  employment: { ${employer}: $${employer}, group: NURSE }, reachability: NEVER, consentAt: $now, qualifications: [] }`;

const registerOne = (employer: 'facility' | 'organisation') =>
  `mutation ($${employer}: ID!, $now: DateTime!, $key: String!) {
    registerProfessional(input: { professional: ${registration(employer)}, idempotencyKey: $key }) { __typename } }`;
const registerMany = (employer: 'facility' | 'organisation') =>
  `mutation ($${employer}: ID!, $now: DateTime!, $key: String!) {
    registerProfessionals(input: { professionals: [${registration(employer)}], idempotencyKey: $key }) { __typename } }`;

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
    operation: registerOne('facility'),
    at: ['registerProfessional'],
    atFacility: ['service'],
    by: {
      supplier: {
        operation: registerOne('organisation'),
        at: ['registerProfessional'],
        atOrganisation: ['supplier'],
      },
    },
  },
  'Mutation.registerProfessionals': {
    operation: registerMany('facility'),
    at: ['registerProfessionals'],
    atFacility: ['service'],
    by: {
      supplier: {
        operation: registerMany('organisation'),
        at: ['registerProfessionals'],
        atOrganisation: ['supplier'],
      },
    },
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
  'Mutation.declareCommitment': {
    operation: `mutation ($key: String!) {
      declareCommitment(input: { professional: "${NONE}", kind: THW, idempotencyKey: $key }) { __typename } }`,
    at: ['declareCommitment'],
  },
  'Mutation.endCommitment': {
    operation: `mutation ($key: String!) { endCommitment(input: { commitment: "${NONE}", idempotencyKey: $key }) { __typename } }`,
    at: ['endCommitment'],
  },
  'Mutation.verifyQualification': {
    operation: `mutation ($key: String!) { verifyQualification(
      input: { verification: { qualification: "${NONE}", status: ACTIVE }, idempotencyKey: $key }) { __typename } }`,
    at: ['verifyQualification'],
  },
  'Mutation.verifyQualifications': {
    operation: `mutation ($key: String!) { verifyQualifications(input: { verifications: [], idempotencyKey: $key }) { __typename } }`,
    at: ['verifyQualifications'],
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
