import type { TransferAct, TransferStatus } from '../../generated/graphql.js';
import type { Readiness } from './rules/readiness.js';

export {
  type GivenApproval,
  areaOfApproval,
  isApprovedBySpoc,
  stillMissing,
} from './rules/approval-levels.js';
export { readinessOf } from './rules/readiness.js';

/** A side of a transfer, on which a person acts. One person may stand on several, or on none. */
export type Side =
  /** The side where the patient is: their facility, or the control room of the scene. */
  | 'ORIGIN'
  /** The facility that is requested to accept the patient. */
  | 'DESTINATION'
  /** A level that has to approve. */
  | 'COORDINATION'
  /** The dispatchers who find vehicles for the origin. */
  | 'DISPATCH'
  /** The vehicle that carries the patient. */
  | 'VEHICLE'
  /** The facility or control room that treats the patient. */
  | 'CARE'
  /** Nobody: time ran out. */
  | 'CLOCK';

/** The statuses an act passes through; the last is the one it leaves the transfer in. */
export type Path = readonly [TransferStatus, ...TransferStatus[]];

/** The acts whose next status depends on approvals and on whether a destination is named. */
type ApprovalAct = 'APPROVE' | 'REQUEST_DESTINATION';
type PathByReadiness = Readonly<Record<Readiness, Path>>;
/** The path of an act from each status in which it may be done; of an act that depends on approvals, the paths by readiness. */
type PathsByStatus<PathOrPaths> = Readonly<Partial<Record<TransferStatus, PathOrPaths>>>;

interface Rule<PathOrPaths> {
  by: Side;
  /** For people: the persons on that side. */
  who: string;
  paths: PathsByStatus<PathOrPaths>;
}

type Rules = {
  readonly [Act in TransferAct]: Rule<Act extends ApprovalAct ? PathByReadiness : Path>;
};

const from = (statuses: readonly TransferStatus[], ...path: Path): PathsByStatus<Path> =>
  Object.fromEntries(statuses.map((status) => [status, path]));

const byReadiness = (
  statuses: readonly TransferStatus[],
  paths: PathByReadiness,
): PathsByStatus<PathByReadiness> => Object.fromEntries(statuses.map((status) => [status, paths]));

/** An act that leaves the status as it is, however many approvals are missing. */
const unchanged = (status: TransferStatus): PathsByStatus<PathByReadiness> =>
  byReadiness([status], {
    APPROVAL_MISSING: [status],
    DESTINATION_MISSING: [status],
    READY: [status],
  });

const APPROVED_BY_ALL = {
  DESTINATION_MISSING: ['APPROVED'],
  READY: ['APPROVED', 'DESTINATION_REQUESTED'],
} as const satisfies Partial<PathByReadiness>;

/** A destination that is named at once; the level that has deferred a transfer decides when it goes on, not the origin. */
const NAMED = {
  APPROVAL_MISSING: ['REQUESTED'],
  DESTINATION_MISSING: ['APPROVED'],
  READY: ['DESTINATION_REQUESTED'],
} as const satisfies PathByReadiness;

/** Nothing has been agreed with a destination. */
const UNDECIDED = [
  'REQUESTED',
  'DEFERRED',
  'APPROVED',
  'DESTINATION_REQUESTED',
  'REFUSED',
] as const;
/** Neither facility is concerned any more; a death depends on whether the patient had arrived. */
const OVER: readonly TransferStatus[] = ['REJECTED', 'CANCELLED', 'HANDED_OVER'];
/** The destination, if any, has no part in it. */
const UNCONCERNED: readonly TransferStatus[] = [
  ...(['REQUESTED', 'DEFERRED', 'APPROVED', 'REFUSED'] as const),
  ...OVER,
];
/** A slot is reserved and the patient has not left. */
const AWAITING_PICKUP = ['ACCEPTED', 'TRANSPORT_SOUGHT', 'TRANSPORT_ASSIGNED'] as const;
/** The patient is in a vehicle. */
const ON_BOARD = ['PICKED_UP', 'UNDER_WAY', 'DIVERTED'] as const;

/**
 * The transition table: each act with its side and, from each status in which it may be done, the statuses it leads through.
 * `nextPath` reads it, and nothing else decides a next status. Only the origin cancels, only the destination accepts or
 * refuses, only the competent level approves: the guards that the shifting requests of coronasafe/care lack, where any
 * status may follow any other (github.com/ohcnetwork/care, issue 400). Radio statuses 7 and 8 (FMS-Richtlinie) come
 * from the vehicle; only the hospital reports the hand-over.
 *
 * An APPROVE that leads to the status it starts from is stored and is no step.
 */
export const RULES: Rules = {
  APPROVE: {
    by: 'COORDINATION',
    who: 'the levels that have to approve this kind of transfer',
    paths: {
      // One of several approvals lets a deferred transfer go on too.
      ...byReadiness(['REQUESTED', 'DEFERRED'], {
        APPROVAL_MISSING: ['REQUESTED'],
        ...APPROVED_BY_ALL,
      }),
      // The patient is on the way to another Land than the one that has approved: the approval follows and delays
      // nobody.
      ...unchanged('DIVERTED'),
      ...unchanged('UNDER_WAY'),
    },
  },
  DEFER: {
    by: 'COORDINATION',
    who: 'the levels that have to approve this kind of transfer',
    paths: from(['REQUESTED', 'DEFERRED'], 'DEFERRED'),
  },
  REJECT: {
    by: 'COORDINATION',
    who: 'the levels that have to approve this kind of transfer',
    paths: from(['REQUESTED', 'DEFERRED'], 'REJECTED'),
  },
  REQUEST_DESTINATION: {
    by: 'ORIGIN',
    who: 'the origin: the facility the patient is in, or the control room or staff of the area',
    paths: {
      ...byReadiness(UNDECIDED, NAMED),
      ...byReadiness(['DEFERRED'], { ...NAMED, APPROVAL_MISSING: ['DEFERRED'] }),
    },
  },
  ACCEPT: {
    by: 'DESTINATION',
    who: 'the requested facility',
    paths: {
      ...from(['DESTINATION_REQUESTED'], 'ACCEPTED'),
      ...from(['DIVERTED'], 'ACCEPTED', 'UNDER_WAY'),
    },
  },
  REFUSE: {
    by: 'DESTINATION',
    who: 'the requested facility',
    paths: {
      ...from(['DESTINATION_REQUESTED'], 'REFUSED'),
      // The patient is on board and must go somewhere: the search goes on, and nobody may cancel.
      ...from(['DIVERTED'], 'REFUSED', 'DIVERTED'),
    },
  },
  LAPSE: {
    by: 'CLOCK',
    who: 'nobody; a reserved slot lapses by itself',
    paths: from(AWAITING_PICKUP, 'DESTINATION_REQUESTED'),
  },
  SEEK_TRANSPORT: {
    by: 'DISPATCH',
    who: 'the dispatchers who assign vehicles at the origin',
    paths: from(['ACCEPTED', 'TRANSPORT_ASSIGNED'], 'TRANSPORT_SOUGHT'),
  },
  ASSIGN_TRANSPORT: {
    by: 'DISPATCH',
    who: 'the dispatchers who assign vehicles at the origin',
    paths: from(AWAITING_PICKUP, 'TRANSPORT_ASSIGNED'),
  },
  PICK_UP: {
    by: 'VEHICLE',
    who: 'the vehicle, by radio status 7',
    paths: from(['TRANSPORT_ASSIGNED'], 'PICKED_UP', 'UNDER_WAY'),
  },
  ARRIVE: {
    by: 'VEHICLE',
    who: 'the vehicle, by radio status 8',
    paths: from(['PICKED_UP', 'UNDER_WAY'], 'ARRIVED'),
  },
  DIVERT: {
    by: 'ORIGIN',
    who: 'the origin: the facility the patient was sent from, or the control room or staff of its area',
    paths: from(ON_BOARD, 'DIVERTED'),
  },
  HAND_OVER: {
    by: 'DESTINATION',
    who: 'the facility that took the patient over',
    paths: from(['ARRIVED'], 'HANDED_OVER'),
  },
  CANCEL: {
    by: 'ORIGIN',
    who: 'the origin: the facility the patient is in, or the control room or staff of the area',
    paths: from([...UNDECIDED, ...AWAITING_PICKUP], 'CANCELLED'),
  },
  DIE: {
    by: 'CARE',
    who: 'the facility the patient was sent from, the one that treats the patient, and the control room of the area',
    paths: from([...UNDECIDED, ...AWAITING_PICKUP, ...ON_BOARD, 'ARRIVED'], 'DIED'),
  },
};

export const ACTS = Object.keys(RULES) as TransferAct[];

/** Nothing follows on these. */
export const ENDED: readonly TransferStatus[] = ['REJECTED', 'HANDED_OVER', 'CANCELLED', 'DIED'];

/** The reason why an act is not for the caller, or cannot be done in the present status. */
export interface ActRefusal {
  refused: 'NOT_YOURS' | 'NOT_NOW';
  reason: string;
}

/** An act whose next status depends on nothing but the present one. */
export type PlainAct = Exclude<TransferAct, ApprovalAct>;

/**
 * Returns the reason why an act may not be done, if there is one: first whose it is, so that nobody learns from a refusal how
 * far a transfer of others has come.
 */
export function reasonAgainst(
  status: TransferStatus,
  act: TransferAct,
  sides: ReadonlySet<Side>,
): ActRefusal | undefined {
  const { by, who, paths } = RULES[act];
  if (!sides.has(by)) return { refused: 'NOT_YOURS', reason: `${act} is for ${who}.` };
  return paths[status] ? undefined : { refused: 'NOT_NOW', reason: notNow(status, act) };
}

/** Returns the statuses that an act leads through from a status in which it may be done; the last is the next status. */
export function nextPath(status: TransferStatus, act: PlainAct): Path;
export function nextPath(status: TransferStatus, act: TransferAct, readiness: Readiness): Path;
export function nextPath(status: TransferStatus, act: TransferAct, readiness?: Readiness): Path {
  const path = RULES[act].paths[status];
  if (!path) throw new Error(notNow(status, act));
  return 'READY' in path ? path[readiness!] : path;
}

/** Returns the statuses that a new transfer passes through at once; `isApproved`: its creation is an approval too. */
export function pathOfCreation(readiness: Readiness, isApproved: boolean): Path {
  if (readiness === 'APPROVAL_MISSING') return ['REQUESTED'];
  return ['REQUESTED', ...(isApproved ? APPROVED_BY_ALL : NAMED)[readiness]];
}

/** Returns the statuses that an act leads through, or why it may not be done. */
export function pathOf(
  status: TransferStatus,
  act: PlainAct,
  sides: ReadonlySet<Side>,
): Path | ActRefusal {
  return reasonAgainst(status, act, sides) ?? nextPath(status, act);
}

export function isActRefusal(outcome: object): outcome is ActRefusal {
  return 'refused' in outcome;
}

/**
 * The acts that are possible next, for any side. Whether an approval is missing shows in the status until the patient
 * is on board, and in the approvals then.
 */
export function possibleIn(
  status: TransferStatus,
  isApprovalMissing: boolean = !isOnBoard(status),
): TransferAct[] {
  return ACTS.filter(
    (act) =>
      act !== 'LAPSE' && RULES[act].paths[status] && (act !== 'APPROVE' || isApprovalMissing),
  );
}

/** Whether the patient is in a vehicle. */
export function isOnBoard(status: TransferStatus): boolean {
  return (ON_BOARD as readonly TransferStatus[]).includes(status);
}

/** Whether a facility is requested and has not decided. */
export function isAwaitingDecision(status: TransferStatus): boolean {
  return status === 'DESTINATION_REQUESTED' || status === 'DIVERTED';
}

/**
 * Whether the destination knows of the transfer: not before it is requested, and not after it refused; nor after a
 * death on the way, or after the hand-over, when the patient is its own. `hasArrived`: whether the patient ever
 * arrived. The SQL function concerned_facilities holds the same rule for both ends.
 */
export function isDestinationConcerned(status: TransferStatus, hasArrived: boolean): boolean {
  return status === 'DIED' ? hasArrived : !UNCONCERNED.includes(status);
}

/** Whether the sending facility knows of the transfer: until the hand-over, or until a death after the arrival. */
export function isOriginConcerned(status: TransferStatus, hasArrived: boolean): boolean {
  return status === 'DIED' ? !hasArrived : !OVER.includes(status);
}

function notNow(status: TransferStatus, act: TransferAct): string {
  const needed = Object.keys(RULES[act].paths).join(', ');
  const possible = possibleIn(status).join(', ');
  return possible === ''
    ? `The transfer has ended as ${status}; ${act} needs one that is ${needed}. Request a new transfer.`
    : `The transfer is ${status}; ${act} needs one that is ${needed}. Possible now: ${possible}.`;
}
