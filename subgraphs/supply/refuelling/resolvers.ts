import { permit } from '../../../shared/identity/index.js';
import type { Resolvers } from '../generated/graphql.js';
import { planRefuelling, refuseVehicles } from './rules.js';

export const refuellingResolvers: Resolvers = {
  Mutation: {
    planRefuelling: async (_, { input }, { caller, fuelNeeds, now }) => {
      permit(caller, 'refuelling:plan', { area: input.area });
      const refusal = refuseVehicles(input, now);
      if (refusal) return refusal;
      const [needs, toDecide] = await Promise.all([
        fuelNeeds.of(input.area),
        fuelNeeds.toDecide(input.area),
      ]);
      const plan = planRefuelling(needs, input.vehicles, now);
      return { ...plan, toDecide, plannedAt: now, __typename: 'RefuellingPlan' };
    },
  },
  FacilityToDecide: {
    facility: ({ facility }) => ({ id: facility }),
  },
  RefuelStop: {
    facility: ({ need }) => ({ id: need.facility }),
    intensiveBeds: ({ need }) => need.intensiveBeds,
  },
  FailingFacility: {
    facility: ({ need }) => ({ id: need.facility }),
    failsAt: ({ need }) => need.failsAt,
    helpArrivesAt: ({ stop }) => stop?.arrivesAt ?? null,
    intensiveBeds: ({ need }) => need.intensiveBeds,
  },
};
