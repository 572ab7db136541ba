import { callersFault, throwIfFault } from '../../../shared/errors/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { type Caller, forbidden, may, permit } from '../../../shared/identity/index.js';
import { connectionResolvers, pageLength } from '../../../shared/lists/index.js';
import { type Change, watch } from '../../../shared/outbox/index.js';
import { regionOf } from '../capacity-client/rules.js';
import { unknownFacility } from '../facilities/rules.js';
import type { Resolvers } from '../generated/graphql.js';
import { unknownOrganisation } from '../organisations/rules.js';
import { eventsFor } from './events.js';
import type { FaultRow } from './rows.js';
import {
  expectedRefusal,
  noteFault,
  notServicePartner,
  reportRefusal,
  unknownFault,
} from './rules.js';
import { isOwnCase, seesWhole } from './visibility.js';
import type { FaultAct } from './rules/steps.js';
import type { DeviceFaultStore } from './store.js';
import type { DeviceFaultChanges } from './store-changes.js';

export const deviceResolvers: Resolvers = {
  Query: {
    deviceFault: async (_, { id }, { caller, deviceFaults }) => {
      permit(caller, 'supply:read');
      return (await deviceFaults.find(id)) ? { id } : null;
    },
    deviceFaults: (_, { filter, first, after }, { caller, deviceFaults }) => {
      permit(caller, 'supply:read');
      return deviceFaults.page(filter ?? {}, pageLength(first), after);
    },
  },
  Mutation: {
    reportDeviceFault: async (_, { input }, context) => {
      const { caller, facilities, organisations, deviceFaultChanges, now } = context;
      permit(caller, 'devices:report');
      const area = await facilities.areaOf(input.facility);
      if (area === undefined) return unknownFacility(input.facility);
      permit(caller, 'devices:report', { facility: input.facility });
      const refusal = reportRefusal(input, now);
      if (refusal) return refusal;
      if (input.servicePartner != null) {
        const organisation = await organisations.find(input.servicePartner);
        if (!organisation) return unknownOrganisation(input.servicePartner);
        if (organisation.kind !== 'SERVICE_PARTNER') return notServicePartner(organisation);
      }
      return deviceFaultChanges.report(input, { id: input.facility, area });
    },
    acknowledgeDeviceFault: (_, { input }, context) => {
      const { expectedRepairAt } = input;
      const refusal = expectedRefusal('expectedRepairAt', expectedRepairAt, context.now);
      const step = { act: 'ACKNOWLEDGE', expectedAt: expectedRepairAt } as const;
      return act('acknowledgeDeviceFault', input, step, refusal, context);
    },
    dispatchTechnician: (_, { input }, context) => {
      const { expectedAt } = input;
      const refusal = expectedRefusal('expectedAt', expectedAt, context.now);
      const step = { act: 'DISPATCH_TECHNICIAN', expectedAt } as const;
      return act('dispatchTechnician', input, step, refusal, context);
    },
    proposeDeviceFaultClosing: (_, { input }, context) => {
      const { resolution, note } = input;
      const step = { act: 'PROPOSE_CLOSING', resolution, note } as const;
      return act('proposeDeviceFaultClosing', input, step, undefined, context);
    },
    closeDeviceFault: (_, { input }, context) => {
      const { resolution, note } = input;
      const step = { act: 'CLOSE', resolution, note } as const;
      return act('closeDeviceFault', input, step, undefined, context);
    },
  },
  Subscription: {
    deviceFaultChanged: {
      subscribe: async (_, { area, facility, after }, context) => {
        const { caller, facilities, deviceFaults } = context;
        permit(caller, 'supply:read');
        if (facility != null && (await facilities.areaOf(facility)) === undefined) {
          throw callersFault('BAD_USER_INPUT', unknownFacility(facility).message);
        }
        return watch(context, {
          after,
          readAhead: (page, ids) => page.deviceFaults.readAhead(ids),
          matches: eventsFor(deviceFaults.visibility, { area, facility }),
        });
      },
      resolve: (change: Change) => change,
    },
  },
  DeviceFaultChange: {
    deviceFault: async ({ entity }, _, { deviceFaults }) =>
      entity !== null && (await deviceFaults.find(entity)) ? { id: entity } : null,
  },
  Facility: {
    deviceFaults: async ({ id }, { closed }, { caller, deviceFaults }) => {
      if (!may(caller, 'supply:read')) return null;
      const all = await deviceFaults.of(id);
      return closed ? all : all.filter(({ status }) => status !== 'CLOSED');
    },
  },
  DeviceFault: {
    __resolveReference: async ({ id }, { caller, deviceFaults }) => {
      permit(caller, 'supply:read');
      return (await deviceFaults.find(id)) ? { id } : null;
    },
    facility: async (ref, _, { deviceFaults }) => ({
      id: (await deviceFaults.get(ref)).facilityId,
    }),
    area: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).area,
    region: async (ref, _, { deviceFaults }) => regionOf((await deviceFaults.get(ref)).area),
    kind: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).kind,
    failedDevices: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).failed,
    devices: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).devices,
    beds: ({ id }, _, { deviceFaults }) => deviceFaults.bedsOf(id),
    description: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).description,
    servicePartner: async (ref, _, { deviceFaults }) => {
      const { servicePartnerId } = await deviceFaults.get(ref);
      return servicePartnerId === null ? null : { id: servicePartnerId };
    },
    status: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).status,
    resolution: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).resolution,
    since: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).since,
    expectedRepairAt: async (ref, _, { deviceFaults }) =>
      (await deviceFaults.get(ref)).expectedRepairAt,
    technicianExpectedAt: async (ref, _, { deviceFaults }) =>
      (await deviceFaults.get(ref)).technicianAt,
    source: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).source,
    observedAt: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).observedAt,
    reportedAt: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).reportedAt,
    acknowledgeUntil: async (ref, _, { deviceFaults }) =>
      (await deviceFaults.get(ref)).acknowledgeUntil,
    acknowledgedAt: async (ref, _, { deviceFaults }) =>
      (await deviceFaults.get(ref)).acknowledgedAt,
    escalatedAt: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).escalatedAt,
    closedAt: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).closedAt,
    assessedAt: async (ref, _, { deviceFaults }) => (await deviceFaults.get(ref)).assessedAt,
    categoriesWithoutEffect: async (ref, _, { deviceFaults }) => {
      const fault = await deviceFaults.get(ref);
      if (!seesWhole(deviceFaults.visibility, fault)) return null;
      if (fault.assessedAt === null) return [];
      const beds = await deviceFaults.bedsOf(ref.id);
      return beds.filter(({ intact }) => intact === null).map(({ category }) => category);
    },
    steps: ({ id }, _, { deviceFaults }) => deviceFaults.stepsOf(id),
  },
  FaultBeds: {
    intact: async ({ faultId, intact }, _, { deviceFaults }) =>
      seesWhole(deviceFaults.visibility, await deviceFaults.get({ id: faultId })) ? intact : null,
  },
  DeviceFaultConnection: connectionResolvers,
};

/** Takes a step: the rights, then what was given, then the lock and the rest. */
async function act(
  field: string,
  input: { fault: string; idempotencyKey: string },
  step: FaultAct,
  refusal: ReturnType<typeof expectedRefusal>,
  context: {
    caller: Caller;
    deviceFaults: DeviceFaultStore;
    deviceFaultChanges: DeviceFaultChanges;
  },
) {
  const { caller, deviceFaults, deviceFaultChanges } = context;
  const scopes = SCOPES[step.act];
  if (!scopes.some((scope) => may(caller, scope))) throw forbidden(caller, scopes[0]!);
  const fault = await deviceFaults.find(input.fault);
  if (!fault) return unknownFault(input.fault);
  authorize(fault, scopes, context);
  throwIfFault(noteFault(step.note));
  if (refusal) return refusal;
  const outcome = await deviceFaultChanges.step(field, input, step, (locked) =>
    authorize(locked, scopes, context),
  );
  if (!isRefused(outcome)) deviceFaults.forget();
  return outcome;
}

/** The partner proposes, and the facility closes; either may say what the partner does. */
const SCOPES: Readonly<Record<FaultAct['act'], readonly string[]>> = {
  ACKNOWLEDGE: ['devices:service', 'devices:report'],
  DISPATCH_TECHNICIAN: ['devices:service', 'devices:report'],
  PROPOSE_CLOSING: ['devices:service'],
  CLOSE: ['devices:report'],
};

/** Throws FORBIDDEN unless the caller acts for the facility or for the service partner of the case, as the step demands. */
function authorize(
  fault: FaultRow,
  scopes: readonly string[],
  { caller, deviceFaults }: { caller: Caller; deviceFaults: DeviceFaultStore },
): { byPartner: boolean } {
  const { facilityId: facility } = fault;
  if (scopes.includes('devices:report') && may(caller, 'devices:report', { facility })) {
    return { byPartner: false };
  }
  if (scopes.includes('devices:service') && isOwnCase(deviceFaults.visibility, fault)) {
    return { byPartner: true };
  }
  throw forbidden(caller, scopes[0]!);
}
