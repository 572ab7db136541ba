import { GraphQLDateTimeISO } from 'graphql-scalars';
import { alarmPlanResolvers } from './alarm-plans/index.js';
import { bedResolvers } from './beds/index.js';
import { capabilityResolvers } from './capabilities/index.js';
import { careLevelResolvers } from './care-levels/index.js';
import { casualtyFacilityResolvers } from './casualty-facilities/index.js';
import { changeResolvers } from './changes/index.js';
import { closureResolvers } from './closures/index.js';
import { facilityResolvers } from './facilities/index.js';
import type { Resolvers } from './generated/graphql.js';
import { holdResolvers } from './holds/index.js';
import { intakeResolvers } from './intake/index.js';
import { phaseResolvers } from './phases/index.js';
import { facilitySearchResolvers } from './facility-search/index.js';
import { regionResolvers } from './regions/index.js';
import { reservationResolvers } from './reservations/index.js';
import { sustainabilityResolvers } from './sustainability/index.js';

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
