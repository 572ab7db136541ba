import {
  type SubgraphClient,
  SubgraphUnavailable,
} from '../../../../shared/subgraph-client/index.js';
import {
  ConfirmForTransferDocument,
  type ConfirmForTransferMutation,
  RedeemForTransferDocument,
  ReleaseForTransferDocument,
  type ReleaseForTransferMutation,
  ReservedSlotDocument,
  type ReservedSlotQuery,
  type ReserveBedsInput,
  ReserveForTransferDocument,
  type ReserveForTransferMutation,
} from '../../capacity-client/index.js';
import { isApprovedBySpoc } from '../lifecycle/rules.js';
import { reservedUntil, reservationKind, type Outcome } from './rules.js';
import type { ReservationInput, TransferJob } from '../lifecycle/index.js';

type Reservation = NonNullable<ReservedSlotQuery['reservation']>;
type ReservationItem = Reservation['items'][number];

/** A reserved slot, as capacity returns it. */
export interface ReservedSlot extends Omit<ReservationItem, 'id' | 'facility'> {
  facility: string;
  /** The person who reserved it. */
  createdBy: string;
}

/** Finds a reserved slot in capacity; undefined when there is none. Throws SubgraphUnavailable. */
export async function findReservedSlot(
  capacity: SubgraphClient,
  { id, item }: { id: string; item: string },
  actor?: string,
): Promise<ReservedSlot | undefined> {
  const { reservation } = await capacity.request(
    ReservedSlotDocument,
    { id, items: [item] },
    { actor },
  );
  const slot = reservation?.items.find((one) => one.id === item);
  if (!reservation || !slot) return undefined;
  return { ...slot, facility: slot.facility.id, createdBy: reservation.createdBy };
}

/**
 * Calls capacity for a job. Every call may be repeated: a reservation carries the id of the job as its key, and the
 * other operations change nothing the second time. Throws SubgraphUnavailable when the result is unknown.
 */
export async function callCapacity(
  capacity: SubgraphClient,
  { id, input, actor, createdAt }: TransferJob,
): Promise<Outcome> {
  const until = reservedUntil({ createdAt }).toISOString();
  switch (input.operation) {
    case 'RESERVE': {
      const variables = { input: reserveInput(input, until, id) };
      const { outcome } = await capacity.request(ReserveForTransferDocument, variables, { actor });
      return afterReserving(outcome, input);
    }
    case 'CONFIRM': {
      if (!(await isOneSlot(capacity, input, actor))) return { is: 'ENDED' };
      const named = namedBy(input);
      const variables = { input: { ...named, until }, items: named.items };
      const { outcome } = await capacity.request(ConfirmForTransferDocument, variables, { actor });
      return afterConfirming(outcome, input);
    }
    case 'REDEEM': {
      const variables = { input: namedBy(input) };
      const { outcome } = await capacity.request(RedeemForTransferDocument, variables, { actor });
      return closedBy(outcome);
    }
    case 'RELEASE': {
      const variables = { input: namedBy(input) };
      const { outcome } = await capacity.request(ReleaseForTransferDocument, variables, { actor });
      return closedBy(outcome);
    }
  }
}

/** The reserved item that a job is about. */
function namedBy({ reservation, item, operation }: ReservationInput) {
  if (reservation === null || item === null) throw new Error(`${operation} names no reservation.`);
  return { reservation, items: [item] };
}

/**
 * The facility itself says that it takes the patient, so numbers of its own that are a little old do not stand against
 * it.
 */
function reserveInput(
  { facility, bedCategory, intake, transferKind, fromArea }: ReservationInput,
  until: string,
  idempotencyKey: string,
): ReserveBedsInput {
  return {
    items: [{ facility, ...(bedCategory ? { category: bedCategory } : { intake }), count: 1 }],
    kind: reservationKind(transferKind),
    origin: { area: fromArea, approvedBySpoc: isApprovedBySpoc(transferKind) },
    mode: 'ALL_OR_NOTHING',
    until,
    acceptStale: true,
    idempotencyKey,
  };
}

function afterReserving(
  outcome: ReserveForTransferMutation['outcome'],
  input: ReservationInput,
): Outcome {
  const slot = slotIn(outcome, input, undefined);
  if (slot) return slot;
  const shortfall = outcome?.__typename === 'NoFreeSlot' ? outcome.shortfalls[0] : undefined;
  return {
    is: 'NO_PLACE',
    free: shortfall?.free ?? null,
    notSustainable: shortfall?.notSustainable ?? false,
    alternatives: (shortfall?.alternatives ?? []).flatMap(({ facility, free, km }) =>
      free === null ? [] : [{ facility: facility.id, free, km }],
    ),
  };
}

/**
 * Whether the item to be confirmed is one slot in the right facility; otherwise it belongs to another patient. Checked
 * first, because a confirmation prolongs the reservation.
 */
async function isOneSlot(
  capacity: SubgraphClient,
  { reservation, item, facility }: ReservationInput,
  actor: string,
): Promise<boolean> {
  if (reservation === null || item === null) return false;
  const slot = await findReservedSlot(capacity, { id: reservation, item }, actor);
  return slot?.facility === facility && slot.count === 1;
}

function afterConfirming(
  outcome: ConfirmForTransferMutation['outcome'],
  input: ReservationInput,
): Outcome {
  return slotIn(outcome, input, input.item) ?? { is: 'ENDED' };
}

function slotIn(
  outcome: (ReserveForTransferMutation | ConfirmForTransferMutation)['outcome'],
  { facility }: ReservationInput,
  item: string | null | undefined,
): Outcome | undefined {
  if (outcome?.__typename !== 'Reservation') return undefined;
  const { id, items } = outcome;
  const slot = items.find((one) => item === undefined || one.id === item);
  if (!slot || slot.facility.id !== facility || slot.count !== 1) return undefined;
  return { is: 'KEPT', reservation: id, item: slot.id, until: slot.until };
}

/** A reservation that has lapsed or was used counts as closed too. Without a response the result is unknown. */
function closedBy(outcome: ReleaseForTransferMutation['outcome']): Outcome {
  if (outcome === null) throw new SubgraphUnavailable('capacity sent no response to a job');
  return { is: outcome.__typename === 'Reservation' ? 'CLOSED' : 'ENDED' };
}
