import { GraphQLDateTimeISO } from 'graphql-scalars';
import { arrivalResolvers } from './arrivals/resolvers.js';
import { approvalResolvers } from './approvals/resolvers.js';
import { changeResolvers } from './changes/resolvers.js';
import { destinationResolvers } from './destinations/resolvers.js';
import type { Resolvers } from './generated/graphql.js';
import { identityResolvers } from './identities/resolvers.js';
import { incidentResolvers } from './incidents/resolvers.js';
import { patientResolvers } from './patients/resolvers.js';
import { transportResolvers } from './transport/resolvers.js';
import { transferResolvers } from './transfers/resolvers.js';
import { triageResolvers } from './triage/resolvers.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  arrivalResolvers,
  approvalResolvers,
  changeResolvers,
  destinationResolvers,
  identityResolvers,
  incidentResolvers,
  patientResolvers,
  transportResolvers,
  transferResolvers,
  triageResolvers,
];
