import { GraphQLDateTimeISO } from 'graphql-scalars';
import { changeResolvers } from './changes/resolvers.js';
import { deviceResolvers } from './devices/index.js';
import type { Resolvers } from './generated/graphql.js';
import { chainResolvers, itemResolvers } from './items/index.js';
import { organisationResolvers } from './organisations/index.js';
import { lifelineResolvers } from './lifelines/index.js';
import { shortageResolvers } from './shortages/index.js';
import { recallResolvers } from './recalls/index.js';
import { stockResolvers } from './stocks/index.js';
import { requestResolvers } from './requests/index.js';
import { manufacturingResolvers } from './manufacturing/index.js';
import { reserveResolvers } from './reserves/index.js';
import { shortageNoticeResolvers } from './shortage-notices/index.js';
import { refuellingResolvers } from './refuelling/index.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  changeResolvers,
  chainResolvers,
  itemResolvers,
  organisationResolvers,
  lifelineResolvers,
  stockResolvers,
  ...requestResolvers,
  recallResolvers,
  shortageResolvers,
  manufacturingResolvers,
  reserveResolvers,
  shortageNoticeResolvers,
  refuellingResolvers,
  deviceResolvers,
];
