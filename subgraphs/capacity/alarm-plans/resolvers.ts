import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { unknownFacility } from '../facilities/rules.js';
import { judgeActivation, unknownAlarmPlan } from './rules.js';

export const alarmPlanResolvers: Resolvers = {
  Mutation: {
    activateAlarmPlan: async (_, { input }, { alarmPlans, caller, facilities, intakes, now }) => {
      permit(caller, 'alarm-plans:activate');
      const facility = await facilities.find(input.facility);
      if (!facility) return unknownFacility(input.facility);
      permit(caller, 'alarm-plans:activate', { facility: facility.id, area: facility.area });
      const call = { caller, field: 'activateAlarmPlan', input, now };
      const outcome = await alarmPlans.activate(call, facility, (active) =>
        judgeActivation(input, active, now),
      );
      intakes.forget();
      return outcome;
    },
    endAlarmPlan: async (_, { input: { alarmPlan } }, { alarmPlans, caller, intakes }) => {
      permit(caller, 'alarm-plans:activate');
      const facility = await alarmPlans.facilityOf(alarmPlan);
      if (!facility) return unknownAlarmPlan(alarmPlan);
      permit(caller, 'alarm-plans:activate', { facility: facility.id, area: facility.area });
      await alarmPlans.end(alarmPlan, facility, caller);
      intakes.forget();
      return { __typename: 'Facility', id: facility.id };
    },
  },
  Facility: {
    alarmPlan: async ({ id }, _, { alarmPlans }) => (await alarmPlans.of(id)) ?? null,
  },
};
