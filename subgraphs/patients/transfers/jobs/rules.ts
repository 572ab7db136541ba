import type {
  BedCategory,
  TransferAct,
  TransferKind,
  TransferStatus,
  TriageCategory,
} from '../../generated/graphql.js';
import { isAwaitingAnswer } from '../lifecycle/rules.js';

export type ErrandKind = 'RESERVE' | 'CONFIRM' | 'REDEEM' | 'RELEASE';

/** Something that must be done in capacity for a transfer: the second half of a step, kept until it is done. */
export interface Errand {
  id: string;
  transfer: string;
  kind: ErrandKind;
  /** Which destination of the transfer it belongs to. */
  attempt: number;
  facility: string;
  /** A bed of this category, or a place of the intake of that one. */
  bedCategory: BedCategory | null;
  intake: TriageCategory | null;
  reservation: string | null;
  item: string | null;
  /** The human on whose behalf it is done. */
  actor: string;
  createdAt: Date;
  tries: number;
  /** What came of it; null while it is to be done. */
  outcome: Outcome | null;
}

/** What capacity did. Kept with the errand, so it is JSON. */
export type Outcome =
  | { is: 'KEPT'; reservation: string; item: string; until: string }
  | { is: 'NO_PLACE'; free: number | null; alternatives: Alternative[] }
  /** The reservation is not there any more, or is no place for this patient. */
  | { is: 'ENDED' }
  | { is: 'SETTLED' };

export interface Alternative {
  facility: string;
  free: number;
  km: number;
}

/**
 * How long an accepted patient's place is kept: ROR calls a bed reserved when an identified patient is expected within 24
 * hours. Capacity accepts no later end, and its clock may be a little behind, hence less by five minutes.
 */
export const PLACE_KEPT_MINUTES = 24 * 60 - 5;

export function keptUntil({ createdAt }: Pick<Errand, 'createdAt'>): Date {
  return new Date(createdAt.getTime() + PLACE_KEPT_MINUTES * 60_000);
}

/**
 * Whoever wrote an errand does it himself at once; only when he fails for this long others try. The pause doubles with every
 * try, so that a capacity that comes back is not overrun, up to the longest.
 */
export const GRACE_SECONDS = 10;
export const LONGEST_PAUSE_SECONDS = 60;

/** What reservation kind the places are asked under; decides nothing here, because the end is always named. */
export function reservationKind(kind: TransferKind): 'PRIMARY' | 'STRATEGIC' {
  return kind === 'PRIMARY' ? 'PRIMARY' : 'STRATEGIC';
}

const AFTER: Partial<Record<TransferAct, ErrandKind>> = {
  PICK_UP: 'CONFIRM',
  ARRIVE: 'REDEEM',
  DIE: 'RELEASE',
  REQUEST_DESTINATION: 'RELEASE',
  REFUSE: 'RELEASE',
  REJECT: 'RELEASE',
  CANCEL: 'RELEASE',
  DIVERT: 'RELEASE',
  LAPSE: 'RELEASE',
};

/**
 * What must be done in capacity because of a step, when a place is kept. Who dies after his arrival has used his place: the
 * house's next report tells when it is free.
 */
export function errandAfter(act: TransferAct, before: TransferStatus): ErrandKind | undefined {
  return act === 'DIE' && before === 'ARRIVED' ? undefined : AFTER[act];
}

/** What a finished errand does to its transfer. */
export type Effect =
  /** The destination's acceptance counts from now on. */
  | { does: 'ACCEPT' }
  /** A place is kept for a transfer that goes on. */
  | { does: 'KEEP_PLACE' }
  /** The transfer goes on, and nothing is kept for it. */
  | { does: 'LOSE_PLACE' }
  /** Another errand. */
  | { does: 'RESERVE' | 'RELEASE' | 'REDEEM' };

/** The transfer as the finished errand meets it. */
export interface Met {
  status: TransferStatus;
  attempt: number;
}

/** Accepted, and the patient is not there yet. */
const COMING: readonly TransferStatus[] = [
  'ACCEPTED',
  'TRANSPORT_SOUGHT',
  'TRANSPORT_ASSIGNED',
  'PICKED_UP',
  'UNDER_WAY',
];
const THERE: readonly TransferStatus[] = ['ARRIVED', 'HANDED_OVER'];

/**
 * What follows when an errand is done. Between its beginning and now the transfer may have been cancelled, refused, sent
 * elsewhere or ended: then a place that was got is given back, so that none is ever kept for nobody.
 */
export function effectsOf(errand: Errand, outcome: Outcome, transfer: Met): Effect[] {
  const isMeant = transfer.attempt === errand.attempt;
  const isAsked = isMeant && isAwaitingAnswer(transfer.status);
  const isComing = isMeant && COMING.includes(transfer.status);
  const isThere = isMeant && THERE.includes(transfer.status);
  switch (outcome.is) {
    case 'KEPT':
      if (isAsked) return [{ does: 'ACCEPT' }];
      if (isComing) return [{ does: 'KEEP_PLACE' }];
      if (isThere)
        return errand.kind === 'RESERVE' ? [{ does: 'KEEP_PLACE' }, { does: 'REDEEM' }] : [];
      return [{ does: 'RELEASE' }];
    case 'ENDED':
      // What an allocation brought has lapsed, or what was kept has, or what was got is another's: the house takes him all
      // the same if it has a place.
      return isClaim(errand) && (isAsked || isComing) ? [{ does: 'RESERVE' }] : [];
    case 'NO_PLACE':
      return isComing ? [{ does: 'LOSE_PLACE' }] : [];
    case 'SETTLED':
      return [];
  }
}

/** Whether the errand claims the place on which an acceptance waits. */
export function isClaim({ kind }: Pick<Errand, 'kind'>): boolean {
  return kind === 'RESERVE' || kind === 'CONFIRM';
}
