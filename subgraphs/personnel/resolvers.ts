import { GraphQLDateTimeISO } from 'graphql-scalars';
import { changeResolvers } from './changes/resolvers.js';
import type { Resolvers } from './generated/graphql.js';
import { staffingResolvers } from './staffing/index.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  changeResolvers,
  staffingResolvers,
];
