import { GraphQLDateTimeISO } from 'graphql-scalars';
import { allocationResolvers } from './allocations/resolvers.js';
import { arrivalResolvers } from './arrivals/resolvers.js';
import { auditResolvers } from './audit/resolvers.js';
import { approvalResolvers } from './approvals/resolvers.js';
import { changeResolvers } from './changes/resolvers.js';
import { confirmationResolvers } from './confirmations/resolvers.js';
import { destinationResolvers } from './destinations/resolvers.js';
import type { Resolvers } from './generated/graphql.js';
import { identityResolvers } from './identities/resolvers.js';
import { incidentResolvers } from './incidents/resolvers.js';
import { patientResolvers } from './patients/resolvers.js';
import { proposalResolvers } from './proposals/resolvers.js';
import { steeringResolvers } from './steering/resolvers.js';
import { transportResolvers } from './transport/resolvers.js';
import { transferResolvers } from './transfers/resolvers.js';
import { triageResolvers } from './triage/resolvers.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  allocationResolvers,
  arrivalResolvers,
  approvalResolvers,
  auditResolvers,
  changeResolvers,
  confirmationResolvers,
  destinationResolvers,
  identityResolvers,
  incidentResolvers,
  patientResolvers,
  proposalResolvers,
  steeringResolvers,
  transportResolvers,
  transferResolvers,
  triageResolvers,
];
