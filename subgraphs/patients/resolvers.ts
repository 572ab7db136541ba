import { GraphQLDateTimeISO } from 'graphql-scalars';
import {
  allocationResolvers,
  assignmentResolvers,
  confirmationResolvers,
  proposalResolvers,
} from './allocation/index.js';
import { auditResolvers } from './audit/index.js';
import { erasureResolvers } from './erasure/index.js';
import {
  identityResolvers,
  incidentResolvers,
  patientResolvers,
  registrationResolvers,
  triageResolvers,
} from './registry/index.js';
import { steeringResolvers } from './steering/index.js';
import {
  approvalResolvers,
  arrivalResolvers,
  deathResolvers,
  destinationResolvers,
  requestResolvers,
  transferResolvers,
  transportResolvers,
} from './transfers/index.js';
import { changeResolvers } from './changes/resolvers.js';
import type { Resolvers } from './generated/graphql.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  allocationResolvers,
  assignmentResolvers,
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
