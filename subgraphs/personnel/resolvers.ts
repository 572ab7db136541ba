import { GraphQLDateTimeISO } from 'graphql-scalars';
import { auditResolvers } from './audit/index.js';
import { changeResolvers } from './changes/resolvers.js';
import { declarationResolvers } from './declarations/index.js';
import type { Resolvers } from './generated/graphql.js';
import { duplicateResolvers, professionalResolvers } from './professionals/index.js';
import { referenceResolvers } from './reference/index.js';
import { erasureResolvers } from './erasure/index.js';
import { verificationResolvers } from './verifications/index.js';
import { staffingChangeResolvers, staffingResolvers } from './staffing/index.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  changeResolvers,
  staffingResolvers,
  staffingChangeResolvers,
  referenceResolvers,
  professionalResolvers,
  duplicateResolvers,
  auditResolvers,
  erasureResolvers,
  declarationResolvers,
  verificationResolvers,
];
