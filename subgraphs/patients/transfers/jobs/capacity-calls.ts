import { CapacityAway, type CapacityLink } from '../../capacity-client/index.js';
import type { BedCategory, TriageCategory } from '../../generated/graphql.js';
import { isApprovedBySpoc } from '../lifecycle/rules/approval-levels.js';
import { keptUntil, reservationKind, type Outcome } from './rules.js';
import type { ReservationInput, TransferJob } from '../lifecycle/reservation-jobs.js';

const PLACE = '{ id facility { id } count status expiresAt }';

/** Only the item that is meant: the reservation of an allocation has thousands. */
const READ = `query Place($id: ID!, $items: [ID!]) { reservation(id: $id) {
  createdBy items(ids: $items) { id facility { id } category intake count status } } }`;
const RESERVE = `mutation Reserve($input: ReserveBedsInput!) { outcome: reserveBeds(input: $input) { __typename
  ... on Reservation { id items ${PLACE} } ... on Refusal { message }
  ... on NoPlace { shortfalls { free alternatives { facility { id } free km } } } } }`;
const CONFIRM = `mutation Confirm($input: ConfirmReservationInput!, $items: [ID!]) {
  outcome: confirmReservation(input: $input) { __typename
    ... on Reservation { id items(ids: $items) ${PLACE} } ... on Refusal { message } } }`;
const REDEEM = `mutation Redeem($input: RedeemReservationInput!) { outcome: redeemReservation(input: $input) { __typename } }`;
const RELEASE = `mutation Release($input: ReleaseReservationInput!) { outcome: releaseReservation(input: $input) { __typename } }`;

interface Place {
  id: string;
  facility: { id: string };
  count: number;
  status: string;
  expiresAt: string;
}

interface Reservation {
  __typename: 'Reservation';
  id: string;
  items: Place[];
}

interface Refused {
  __typename: 'NoPlace' | 'Refused';
  message: string;
  shortfalls?: {
    free: number | null;
    alternatives: { facility: { id: string }; free: number; km: number }[];
  }[];
}

/** What one reserved place is for, as capacity has it. */
export interface KeptPlace {
  facility: string;
  category: BedCategory | null;
  intake: TriageCategory | null;
  count: number;
  status: string;
  /** Who reserved it. */
  createdBy: string;
}

/** A reserved place as capacity has it; undefined when there is none. Throws CapacityAway. */
export async function placeOf(
  capacity: CapacityLink,
  { id, item }: { id: string; item: string },
  actor?: string,
): Promise<KeptPlace | undefined> {
  type Item = Omit<KeptPlace, 'facility' | 'createdBy'> & { id: string; facility: { id: string } };
  type Found = { reservation: { createdBy: string; items: Item[] } | null };
  const { reservation } = await capacity.ask<Found>(READ, { id, items: [item] }, actor);
  const place = reservation?.items.find((one) => one.id === item);
  if (!reservation || !place) return undefined;
  return { ...place, facility: place.facility.id, createdBy: reservation.createdBy };
}

/**
 * Does in capacity what a job asks for. Every call may be repeated: a reservation carries the id of the job as its key, and the
 * other operations change nothing the second time. Throws CapacityAway when it is not known whether it was done.
 */
export async function callCapacity(
  capacity: CapacityLink,
  { id, input, actor, createdAt }: TransferJob,
): Promise<Outcome> {
  const ask = async (mutation: string, asked: object, more: object = {}) =>
    (
      await capacity.ask<{ outcome: Reservation | Refused | null }>(
        mutation,
        { input: asked, ...more },
        actor,
      )
    ).outcome;
  const until = keptUntil({ createdAt });
  const reserved = { reservation: input.reservation, items: [input.item] };
  switch (input.operation) {
    case 'RESERVE':
      return afterReserving(await ask(RESERVE, reserveInput(input, until, id)), input);
    case 'CONFIRM':
      if (!(await isOnePlace(capacity, input, actor))) return { is: 'ENDED' };
      return afterConfirming(
        await ask(CONFIRM, { ...reserved, expiresAt: until }, { items: reserved.items }),
        input,
      );
    case 'REDEEM':
      return settled(await ask(REDEEM, reserved));
    case 'RELEASE':
      return settled(await ask(RELEASE, reserved));
  }
}

/** The house itself says that it takes the patient, so numbers of its own that are a little old do not stand against it. */
function reserveInput(
  { facility, bedCategory, intake, transferKind, fromArea }: ReservationInput,
  expiresAt: Date,
  idempotencyKey: string,
): object {
  return {
    items: [{ facility, ...(bedCategory ? { category: bedCategory } : { intake }), count: 1 }],
    kind: reservationKind(transferKind),
    origin: { area: fromArea, approvedBySpoc: isApprovedBySpoc(transferKind) },
    mode: 'ALL_OR_NOTHING',
    expiresAt,
    acceptStale: true,
    idempotencyKey,
  };
}

function afterReserving(outcome: Reservation | Refused | null, input: ReservationInput): Outcome {
  const place = placeIn(outcome, input, undefined);
  if (place) return place;
  const shortfall = outcome && 'shortfalls' in outcome ? outcome.shortfalls?.[0] : undefined;
  return {
    is: 'NO_PLACE',
    free: shortfall?.free ?? null,
    alternatives: (shortfall?.alternatives ?? []).map(({ facility, free, km }) => ({
      facility: facility.id,
      free,
      km,
    })),
  };
}

/**
 * What is confirmed must be one place in the right house: anything else is not this patient's. Known before it is confirmed,
 * because that prolongs it.
 */
async function isOnePlace(
  capacity: CapacityLink,
  { reservation, item, facility }: ReservationInput,
  actor: string,
): Promise<boolean> {
  if (reservation === null || item === null) return false;
  const place = await placeOf(capacity, { id: reservation, item }, actor);
  return place?.facility === facility && place.count === 1;
}

function afterConfirming(outcome: Reservation | Refused | null, input: ReservationInput): Outcome {
  return placeIn(outcome, input, input.item) ?? { is: 'ENDED' };
}

function placeIn(
  outcome: Reservation | Refused | null,
  { facility }: ReservationInput,
  item: string | null | undefined,
): Outcome | undefined {
  if (outcome?.__typename !== 'Reservation') return undefined;
  const { id, items } = outcome;
  const place = items.find((one) => item === undefined || one.id === item);
  if (!place || place.facility.id !== facility || place.count !== 1) return undefined;
  return { is: 'KEPT', reservation: id, item: place.id, until: place.expiresAt };
}

/** What has lapsed or was used otherwise is settled as well as it can be. Without an answer it is not known. */
function settled(outcome: { __typename: string } | null): Outcome {
  if (outcome === null) throw new CapacityAway('capacity gave no answer to a job');
  return { is: outcome.__typename === 'Reservation' ? 'SETTLED' : 'ENDED' };
}
