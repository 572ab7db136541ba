import { throwIfFault } from '../../../../shared/errors/index.js';
import { isRefused } from '../../../../shared/validation/rules.js';
import { forbidden, may, permit } from '../../../../shared/identity/index.js';
import { regionOf } from '../../capacity-client/rules.js';
import type { Resolvers } from '../../generated/graphql.js';
import { checkReason } from '../lifecycle/index.js';
import { isToLend, isToSend } from './authorization.js';
import {
  callSignFault,
  faultInAssignment,
  judgeArrival,
  judgeAssignment,
  leaderFault,
} from './rules/assignment.js';
import { MEANS } from './rules/fit.js';
import { elsewhere } from './rules/lending.js';
import { refusalOfTime, statusFault } from './rules/radio.js';

export const transportResolvers: Resolvers = {
  Query: {
    vehicle: async (_, { callSign }, { caller, vehicles }) => {
      if (!may(caller, 'transport:assign') && !may(caller, 'vehicles:report')) {
        throw forbidden(caller, 'transport:assign');
      }
      return (await vehicles.find(callSign)) ?? null;
    },
  },
  Mutation: {
    assignTransport: async (_, { input }, { caller, dispatching, transfers, vehicles, now }) => {
      permit(caller, 'transport:assign');
      throwIfFault(faultInAssignment(input));
      const mistimed = judgeArrival(input.estimatedArrival, now);
      if (mistimed) return mistimed;
      const outcome = await dispatching.assign(input, (vehicle, waiting, load) => {
        if (isToSend(caller, vehicle, waiting))
          return judgeAssignment(vehicle, input, waiting, load);
        if (vehicle.isNew) throw forbidden(caller, 'transport:assign');
        return elsewhere(vehicle);
      });
      transfers.forget();
      return isRefused(outcome) ? outcome : vehicles.get(outcome.id);
    },
    lendVehicle: async (_, { input }, { caller, lending, vehicles }) => {
      permit(caller, 'transport:assign');
      const { vehicle, area } = input;
      throwIfFault(callSignFault(vehicle) ?? leaderFault(area));
      const outcome = await lending.lend(input, (known) =>
        isToLend(caller, known, area) ? undefined : elsewhere(known),
      );
      return isRefused(outcome) ? outcome : vehicles.get(outcome.id);
    },
    seekTransport: (_, { input }, { caller, transfers }) => {
      permit(caller, 'transport:assign');
      checkReason(input.reason, true);
      return transfers.transition({ field: 'seekTransport', act: 'SEEK_TRANSPORT', input });
    },
    reportVehicleStatus: async (_, { input }, { caller, radio, transfers, vehicles, now }) => {
      permit(caller, 'vehicles:report');
      throwIfFault(callSignFault(input.vehicle) ?? statusFault(input.status));
      const refused = refusalOfTime(input.at, now);
      if (refused) return refused;
      const outcome = await radio.report(input, ({ area }) =>
        permit(caller, 'vehicles:report', { area }),
      );
      transfers.forget();
      return isRefused(outcome) ? outcome : vehicles.get(outcome.id);
    },
  },
  Vehicle: {
    region: ({ area }) => regionOf(area),
    radioStatus: ({ status }) => status,
    radioStatusAt: ({ statusAt }) => statusAt,
    places: ({ means }) => MEANS[means].capacity,
    transfers: async (vehicle, _, { transfers, vehicles }) => {
      const ids = await vehicles.transfersOf(vehicle);
      const found = await Promise.all(ids.map((id) => transfers.find(id)));
      return found.filter((transfer) => transfer !== undefined);
    },
    reports: (vehicle, _, { vehicles }) => vehicles.reportsOf(vehicle),
    inconsistencies: (vehicle, _, { vehicles }) => vehicles.inconsistenciesOf(vehicle),
  },
  Transfer: {
    vehicle: ({ vehicleId }, _, { vehicles }) =>
      vehicleId === null ? null : vehicles.get(vehicleId),
    inconsistencies: ({ id, ownSteps }, _, { vehicles }) =>
      ownSteps ? [] : vehicles.inconsistenciesOfTransfer(id),
  },
};
