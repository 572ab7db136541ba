import { permit } from '../../../shared/identity/caller.js';
import type { Resolvers } from '../generated/graphql.js';
import { unknownFacility } from '../facilities/rules.js';
import { judgeActivation, unknownAlarmPlan } from './rules.js';

export const alarmPlanResolvers: Resolvers = {
  Mutation: {
    activateAlarmPlan: async (_, { input }, { alarmPlans, caller, facilities, intakes, now }) => {
      permit(caller, 'alarm-plans:activate');
      const house = await facilities.find(input.facility);
      if (!house) return unknownFacility(input.facility);
      permit(caller, 'alarm-plans:activate', { facility: house.id, area: house.area });
      const call = { caller, field: 'activateAlarmPlan', input, now };
      const outcome = await alarmPlans.activate(call, house, (active) =>
        judgeActivation(input, active, now),
      );
      intakes.forget();
      return outcome;
    },
    endAlarmPlan: async (_, { input: { alarmPlan } }, { alarmPlans, caller, intakes }) => {
      permit(caller, 'alarm-plans:activate');
      const house = await alarmPlans.facilityOf(alarmPlan);
      if (!house) return unknownAlarmPlan(alarmPlan);
      permit(caller, 'alarm-plans:activate', { facility: house.id, area: house.area });
      await alarmPlans.end(alarmPlan, house, caller);
      intakes.forget();
      return { __typename: 'Facility', id: house.id };
    },
  },
  Facility: {
    alarmPlan: async ({ id }, _, { alarmPlans }) => (await alarmPlans.of(id)) ?? null,
  },
};
