import { MINUTE_MS } from '../../../../shared/time/rules.js';
import type {
  DeviceFaultAct,
  DeviceFaultStatus,
  FaultResolution,
} from '../../generated/graphql.js';
import type { DeviceFault } from '../../generated/prisma/client.js';

/** Beds that are missing do not wait for an hour as requests may; nobody is missing where others stand in (our policy). */
const ACKNOWLEDGE_MINUTES = { withMissingBeds: 30, withNone: 240 };

/** Returns until when the service partner has to acknowledge a case; null where there is none. */
export function acknowledgeUntil(
  reportedAt: Date,
  { servicePartner, hasMissingBeds }: { servicePartner: string | null; hasMissingBeds: boolean },
): Date | null {
  if (servicePartner === null) return null;
  const minutes = hasMissingBeds
    ? ACKNOWLEDGE_MINUTES.withMissingBeds
    : ACKNOWLEDGE_MINUTES.withNone;
  return new Date(reportedAt.getTime() + minutes * MINUTE_MS);
}

/** A step of a case, beside its report. */
export interface FaultAct {
  act: Exclude<DeviceFaultAct, 'REPORT' | 'ESCALATE'>;
  /** When a technician is expected, or the devices repaired. */
  expectedAt?: Date | null | undefined;
  resolution?: FaultResolution;
  note?: string | null | undefined;
}

/** Columns that a step changes. */
type FaultState = Pick<
  DeviceFault,
  | 'status'
  | 'resolution'
  | 'expectedRepairAt'
  | 'technicianAt'
  | 'acknowledgeUntil'
  | 'acknowledgedAt'
  | 'closedAt'
>;

const NEXT: Readonly<Record<FaultAct['act'], DeviceFaultStatus>> = {
  ACKNOWLEDGE: 'ACKNOWLEDGED',
  DISPATCH_TECHNICIAN: 'TECHNICIAN_UNDER_WAY',
  PROPOSE_CLOSING: 'CLOSING_PROPOSED',
  CLOSE: 'CLOSED',
};

/** Returns a fault after a step. Every step says that somebody takes care of it; one that was acknowledged stays where it is. */
export function faultAfter<Fault extends FaultState>(
  fault: Fault,
  step: FaultAct,
  at: Date,
): Fault {
  const isRepeated = step.act === 'ACKNOWLEDGE' && fault.status !== 'REPORTED';
  return {
    ...fault,
    status: isRepeated ? fault.status : NEXT[step.act],
    // A technician who comes again shows that a proposal was rejected.
    resolution: isRepeated ? fault.resolution : (step.resolution ?? null),
    expectedRepairAt:
      step.act === 'ACKNOWLEDGE'
        ? (step.expectedAt ?? fault.expectedRepairAt)
        : fault.expectedRepairAt,
    technicianAt: step.act === 'DISPATCH_TECHNICIAN' ? step.expectedAt! : fault.technicianAt,
    acknowledgeUntil: null,
    acknowledgedAt: fault.acknowledgedAt ?? at,
    closedAt: step.act === 'CLOSE' ? at : null,
  };
}

/** Refuses a step of a case that is closed; undefined while it is open. */
export function refusalIfClosed({
  id,
  status,
  resolution,
  closedAt,
}: Pick<DeviceFault, 'id' | 'status' | 'resolution' | 'closedAt'>) {
  if (status !== 'CLOSED') return undefined;
  return {
    __typename: 'DeviceFaultEnded',
    message: `The case was closed as ${resolution} at ${closedAt?.toISOString()}, so nothing was changed. Report another fault if devices are broken again.`,
    deviceFault: { id },
  } as const;
}
