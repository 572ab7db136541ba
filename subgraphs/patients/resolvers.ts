import { GraphQLDateTimeISO } from 'graphql-scalars';
import { allocationResolvers } from './allocation/plans/resolvers.js';
import { arrivalResolvers } from './transfers/arrivals/resolvers.js';
import { auditResolvers } from './audit/resolvers.js';
import { approvalResolvers } from './transfers/approvals/resolvers.js';
import { changeResolvers } from './changes/resolvers.js';
import { confirmationResolvers } from './allocation/confirmations/resolvers.js';
import { destinationResolvers } from './transfers/destinations/resolvers.js';
import { erasureResolvers } from './erasure/resolvers.js';
import type { Resolvers } from './generated/graphql.js';
import { identityResolvers } from './registry/identities/resolvers.js';
import { incidentResolvers } from './registry/incidents/resolvers.js';
import { patientResolvers } from './registry/patients/resolvers.js';
import { registrationResolvers } from './registry/registrations/resolvers.js';
import { proposalResolvers } from './allocation/proposals/resolvers.js';
import { steeringResolvers } from './steering/resolvers.js';
import { deathResolvers } from './transfers/deaths/resolvers.js';
import { requestResolvers } from './transfers/requests/resolvers.js';
import { transportResolvers } from './transfers/transport/resolvers.js';
import { transferResolvers } from './transfers/lifecycle/resolvers.js';
import { triageResolvers } from './registry/triage/resolvers.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  allocationResolvers,
  arrivalResolvers,
  approvalResolvers,
  auditResolvers,
  changeResolvers,
  confirmationResolvers,
  deathResolvers,
  destinationResolvers,
  erasureResolvers,
  identityResolvers,
  incidentResolvers,
  patientResolvers,
  proposalResolvers,
  registrationResolvers,
  requestResolvers,
  steeringResolvers,
  transportResolvers,
  transferResolvers,
  triageResolvers,
];
