import type { BookingKind, LifelineKind } from '../../generated/graphql.js';
import { MOST_STORED, type Thousandths, thousandths } from '../../items/rules.js';
import {
  conflictingBatch,
  expiredOnArrival,
  implausibleQuantity,
  mayBeRecalled,
  MOST_QUANTITY,
  type MovementRefusal,
  notEnough,
  notUsable,
  overtakenCount,
  recalledOnArrival,
} from './refusals.js';

/** Why a model is put right by a booking that takes more than it has. */
const MODEL_CORRECTED = 'The model had less than what was given out.';
/** Why the rest of a model is no longer there once one of its batches is counted. */
const MODEL_REPLACED = 'The count replaces the model.';

/** The holder of a stock: exactly one of both. */
export type Holder = { facility: string } | { organisation: string };

/** One change of one stock, as another module or a client wants it. */
export interface Movement {
  holder: Holder;
  /** Id of the item. */
  item: string;
  /** Null for what has no known batch. */
  batch: string | null;
  kind: BookingKind;
  /**
   * In the item's unit: what is added by a RECEIPT, what leaves with an ISSUE, what was found by a COUNT. A CORRECTION and a
   * RELOCATION state the change itself, below 0 for what leaves.
   */
  quantity: number;
  reason: string | null;
  /** Id of the shipment it belongs to. */
  shipment: string | null;
  /** Whether it takes a delivery back to its sender; left out where it does not. */
  isReturn?: boolean;
  /** Until when the batch may be used; left out where it is not stated. */
  usableUntil?: Date | null;
  /** When it happened; left out for now. */
  at?: Date;
  /** Levels that the holder states with it; left out where it states none. */
  minimum?: number | null;
  averageConsumption?: number | null;
}

export interface BatchState {
  quantity: Thousandths;
  usableUntil: Date | null;
  bookedTo: Date;
}

/** A stock while movements are booked under its lock. Without a batch number is the batch ''. */
export interface StockState {
  id: string;
  area: string;
  holder: Holder;
  item: string;
  quantity: Thousandths;
  minimum: Thousandths | null;
  averageConsumption: Thousandths | null;
  /** Whether the quantity follows from a model, and whether the average consumption does. */
  modelled: boolean;
  consumptionModelled: boolean;
  /** The lifeline that the item feeds, and how much of it one unit is; null for what feeds none. */
  lifeline: LifelineKind | null;
  lifelineQuantity: number | null;
  /** The duty that applies, in days of average consumption; null where none does. */
  requiredDays: number | null;
  batches: Map<string, BatchState>;
  /** The part of the quantity that cannot be used, as `judgeUsable` found it last, and when to judge it again; null for never. */
  unusable: Thousandths;
  judgedAgainAt: Date | null;
  /** When each recalled batch was recalled. */
  recalled: ReadonlyMap<string, Date>;
}

/** A movement, and the stock in which it happens. */
export interface StockMovement {
  movement: Movement;
  stock: StockState;
}

/** A row of the history, before it has an id. */
export interface Change {
  stock: StockState;
  movement: Movement;
  kind: BookingKind;
  batch: string;
  change: Thousandths;
  counted: Thousandths | null;
  quantityAfter: Thousandths;
  reason: string | null;
  at: Date;
  /** The count that this correction follows from. */
  count: Change | null;
  /** The other half of a relocation. */
  counterpart: Change | null;
  /** Whether it puts a model right, which a booking shows to be wrong. */
  ofModel: boolean;
}

/**
 * Books movements that happen together or not at all, each in a stock of its own: changes the states and returns the rows of the
 * history, or changes nothing and returns the refusal.
 */
export function applyTogether(
  given: readonly StockMovement[],
  now: Date,
): Change[] | MovementRefusal {
  const parts = withExpiry(given);
  for (const { movement, stock } of parts) {
    const refusal = refusalOf(movement, stock, now);
    if (refusal) return refusal;
  }
  const changes = parts.map(({ movement, stock }) => apply(movement, stock, now));
  const [first, second] = changes.map(bookingOf);
  if (first && second && first.kind === 'RELOCATION') {
    first.counterpart = second;
    second.counterpart = first;
  }
  return changes.flat();
}

/** Returns the row of the history that is the booking itself, of all that belong to it. */
export function bookingOf(changes: readonly Change[]): Change {
  return changes.find(({ ofModel }) => !ofModel)!;
}

/** A batch that arrives by a relocation may be used as long as the one that left. */
function withExpiry(parts: readonly StockMovement[]): readonly StockMovement[] {
  const [source, target] = parts;
  if (!source || !target || source.movement.kind !== 'RELOCATION') return parts;
  const known = source.stock.batches.get(source.movement.batch ?? '')?.usableUntil;
  if (!known || target.movement.usableUntil) return parts;
  return [source, { ...target, movement: { ...target.movement, usableUntil: known } }];
}

/** Returns the change that a movement makes to its batch; for a count the difference to the booked quantity. */
function changeOf({ kind, quantity }: Movement, booked: Thousandths): Thousandths {
  const stated = thousandths(quantity);
  if (kind === 'COUNT') return stated - booked;
  return kind === 'ISSUE' ? -stated : stated;
}

function refusalOf(movement: Movement, stock: StockState, now: Date): MovementRefusal | undefined {
  const { kind, batch, usableUntil, at = now } = movement;
  const state = stock.batches.get(batch ?? '');
  const booked = state?.quantity ?? 0;
  const change = changeOf(movement, booked);
  const known = state?.usableUntil ?? null;
  if (batch !== null && usableUntil && known && usableUntil.getTime() !== known.getTime()) {
    return conflictingBatch(batch, known);
  }
  const expiry = known ?? usableUntil ?? null;
  const leaves = kind === 'ISSUE' || (kind === 'RELOCATION' && change < 0);
  const recalledAt = batch === null ? undefined : stock.recalled.get(batch);
  // A recalled batch goes back to the one who delivered it, and nowhere else.
  if (batch !== null && recalledAt && !movement.isReturn) {
    if (leaves) return notUsable(batch, 'RECALLED', recalledAt);
    if (kind === 'RECEIPT' && movement.shipment !== null) {
      return recalledOnArrival(batch, recalledAt);
    }
  }
  // A recalled batch that was booked out comes back under no number.
  const hidden = batch === null && kind !== 'RELOCATION' && change > 0 && recalledHere(stock);
  if (hidden && movement.shipment === null) return mayBeRecalled(...hidden);
  if (batch !== null && (leaves || kind === 'RECEIPT') && expiry && expiry <= now) {
    return kind === 'RECEIPT'
      ? expiredOnArrival(batch, expiry)
      : notUsable(batch, 'EXPIRED', expiry);
  }
  // A modelled quantity limits nothing: a holder that issues something has it.
  if (booked + change < 0 && !stock.modelled) {
    return notEnough(batch, booked, -change, otherBatchesOf(stock, batch));
  }
  if (stock.quantity + change > MOST_STORED) {
    return implausibleQuantity(
      'quantity',
      movement.quantity,
      `at most ${MOST_QUANTITY} and fits the stock`,
    );
  }
  if (kind === 'COUNT' && state && at < state.bookedTo) return overtakenCount(state.bookedTo, at);
  return undefined;
}

/** Returns the recalled batch of which the holder has some or had, and when it was recalled; undefined if there is none. */
function recalledHere({ recalled, batches }: StockState): [batch: string, at: Date] | undefined {
  return [...recalled].find(([batch]) => batches.has(batch));
}

function otherBatchesOf({ batches }: StockState, batch: string | null): string[] {
  return [...batches].flatMap(([name, { quantity }]) =>
    name !== '' && name !== batch && quantity > 0 ? [name] : [],
  );
}

function apply(movement: Movement, stock: StockState, now: Date): Change[] {
  const { kind, quantity, reason, at = now } = movement;
  if (movement.minimum != null) stock.minimum = thousandths(movement.minimum);
  if (movement.averageConsumption != null) {
    stock.averageConsumption = thousandths(movement.averageConsumption);
    stock.consumptionModelled = false;
  }
  const batch = movement.batch ?? '';
  const change = changeOf(movement, stock.batches.get(batch)?.quantity ?? 0);
  const row: Change = {
    stock,
    movement,
    kind,
    batch,
    change: 0,
    quantityAfter: stock.quantity,
    reason,
    at,
    counted: null,
    count: null,
    counterpart: null,
    ofModel: false,
  };
  if (kind !== 'COUNT') {
    const corrections = correctModel(row, stock, -change);
    row.change = change;
    row.quantityAfter = add(stock, movement, change, at);
    return corrections.length === 0 ? [row] : [...corrections, row];
  }

  // A count overwrites nothing: what differs is a correction of its own, which says by how much.
  const count: Change = {
    ...row,
    change: 0,
    counted: thousandths(quantity),
    quantityAfter: add(stock, movement, 0, at),
  };
  const corrections: Change[] = [];
  const correct = (of: string, by: Thousandths, why = reason) => {
    if (by === 0) return;
    const quantityAfter = add(stock, { ...movement, batch: of || null }, by, at);
    const correction = { kind: 'CORRECTION', batch: of, change: by, reason: why } as const;
    corrections.push({ ...row, ...correction, quantityAfter, count });
  };
  correct(batch, change);
  // A model knows no batches, so that a count by batches replaces all of it.
  if (stock.modelled && batch !== '') {
    correct('', -(stock.batches.get('')?.quantity ?? 0), MODEL_REPLACED);
  }
  stock.modelled = false;
  count.quantityAfter = stock.quantity;
  return [count, ...corrections];
}

/**
 * Puts a model right of which a batch has less than what leaves it: first out of what has no known batch, because a model knows no
 * batches, and the rest was there although the model had less.
 */
function correctModel(row: Change, stock: StockState, outgoing: Thousandths): Change[] {
  const { movement, batch, at } = row;
  const missing = outgoing - (stock.batches.get(batch)?.quantity ?? 0);
  if (!stock.modelled || missing <= 0) return [];
  const unnamed = batch === '' ? 0 : (stock.batches.get('')?.quantity ?? 0);
  const parts = [
    { of: '', by: -Math.min(missing, unnamed) },
    { of: batch, by: missing },
  ].filter(({ by }) => by !== 0);
  return parts.map(({ of, by }) => {
    const quantityAfter = add(stock, { ...movement, batch: of || null }, by, at);
    const correction = { kind: 'CORRECTION', batch: of, reason: MODEL_CORRECTED } as const;
    return { ...row, ...correction, change: by, quantityAfter, ofModel: true };
  });
}

/** Adds to a batch and to the stock. Returns the quantity of the stock after it. */
function add(
  stock: StockState,
  { batch, usableUntil }: Movement,
  change: Thousandths,
  at: Date,
): Thousandths {
  const before = stock.batches.get(batch ?? '');
  const isLater = before !== undefined && before.bookedTo.getTime() > at.getTime();
  stock.batches.set(batch ?? '', {
    quantity: (before?.quantity ?? 0) + change,
    usableUntil: before?.usableUntil ?? (batch === null ? null : (usableUntil ?? null)),
    bookedTo: isLater ? before.bookedTo : at,
  });
  stock.quantity += change;
  return stock.quantity;
}
