import { GraphQLDateTimeISO } from 'graphql-scalars';
import { bedResolvers } from './beds/resolvers.js';
import { changeResolvers } from './changes/resolvers.js';
import { facilityResolvers } from './facilities/resolvers.js';
import type { Resolvers } from './generated/graphql.js';
import { regionResolvers } from './regions/resolvers.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  bedResolvers,
  changeResolvers,
  facilityResolvers,
  regionResolvers,
];
