import { GraphQLDateTimeISO } from 'graphql-scalars';
import { alarmPlanResolvers } from './alarm-plans/resolvers.js';
import { bedResolvers } from './beds/resolvers.js';
import { capabilityResolvers } from './capabilities/resolvers.js';
import { careLevelResolvers } from './care-levels/resolvers.js';
import { casualtyFacilityResolvers } from './casualty-facilities/resolvers.js';
import { changeResolvers } from './changes/resolvers.js';
import { closureResolvers } from './closures/resolvers.js';
import { facilityResolvers } from './facilities/resolvers.js';
import type { Resolvers } from './generated/graphql.js';
import { holdResolvers } from './holds/resolvers.js';
import { intakeResolvers } from './intake/resolvers.js';
import { phaseResolvers } from './phases/resolvers.js';
import { facilitySearchResolvers } from './facility-search/resolvers.js';
import { regionResolvers } from './regions/resolvers.js';
import { reservationResolvers } from './reservations/resolvers.js';
import { sustainabilityResolvers } from './sustainability/resolvers.js';

/** The resolvers of every concept. */
export const resolvers: Resolvers[] = [
  { DateTime: GraphQLDateTimeISO },
  alarmPlanResolvers,
  bedResolvers,
  capabilityResolvers,
  careLevelResolvers,
  casualtyFacilityResolvers,
  changeResolvers,
  closureResolvers,
  facilityResolvers,
  holdResolvers,
  intakeResolvers,
  phaseResolvers,
  facilitySearchResolvers,
  regionResolvers,
  reservationResolvers,
  sustainabilityResolvers,
];
