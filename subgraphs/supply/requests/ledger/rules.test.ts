import fc from 'fast-check';
import { DAY_MINUTES, HOUR_MS, MINUTE_MS } from '../../../../shared/time/rules.js';
import { sumOf } from '../../items/rules.js';
import {
  acknowledgeUntil,
  changed,
  commit,
  dispatch,
  inTransitOf,
  isExceeded,
  isOver,
  lose,
  openOf,
  receive,
  reject,
  returnableOf,
  sendBack,
  statusOf,
  drawFromOffer,
  notDispatchedOf,
  withdraw,
  type CommitmentQuantities,
  type LedgerChange,
  type LineQuantities,
  type ShipmentQuantities,
} from './rules.js';
import { refusalIfNotAhead } from './rules/times.js';

const line = (quantities: Partial<LineQuantities> = {}): LineQuantities => ({
  requested: 500,
  committed: 0,
  inTransit: 0,
  delivered: 0,
  ...quantities,
});

test('two suppliers share a line, and the third learns how much is still open', () => {
  const first = commit(line(), 300) as LineQuantities;
  const second = commit(first, 200) as LineQuantities;
  expect(openOf(second)).toBe(0);
  expect(commit(first, 201)).toEqual({ exceeded: 'OPEN', possible: 200 });
  expect(commit(second, 0.001)).toEqual({ exceeded: 'OPEN', possible: 0 });
});

test('a commitment never exceeds its offer', () => {
  const offer = { quantity: 100, committed: 60 };
  expect(drawFromOffer(offer, 41)).toEqual({ exceeded: 'OFFERED', possible: 40 });
  expect(drawFromOffer(offer, 40)).toEqual({ quantity: 100, committed: 100 });
});

test('no more is dispatched than was committed, returns and losses included', () => {
  const commitment = { quantity: 100, inTransit: 30, delivered: 50 };
  expect(notDispatchedOf(commitment)).toBe(20);
  expect(dispatch(commitment, 21)).toEqual({ exceeded: 'COMMITTED', possible: 20 });
  expect(dispatch(commitment, 20)).toEqual({ committed: 0, inTransit: 20, delivered: 0 });
  expect(withdraw(commitment)).toEqual({ committed: -20, inTransit: 0, delivered: 0 });
});

test('a quantity that is missing at the receiver stays in transit until it is declared lost', () => {
  const shipment = { quantity: 300, received: 290, lost: 0, rejected: 0, returned: 0 };
  expect(inTransitOf(shipment)).toBe(10);
  expect(receive(shipment, 11)).toEqual({ exceeded: 'IN_TRANSIT', possible: 10 });
  expect(lose(shipment)).toEqual({ committed: 0, inTransit: -10, delivered: 0 });
});

test('only what is in transit is rejected, and its sender may dispatch as much again', () => {
  const shipment = { quantity: 300, received: 200, lost: 10, rejected: 50, returned: 0 };
  expect(inTransitOf(shipment)).toBe(40);
  expect(reject(shipment, 41)).toEqual({ exceeded: 'IN_TRANSIT', possible: 40 });
  expect(reject(shipment, 40)).toEqual({ committed: 0, inTransit: -40, delivered: 0 });
});

test('only what was received is sent back, and once', () => {
  const shipment = { quantity: 300, received: 290, lost: 0, rejected: 0, returned: 40 };
  expect(returnableOf(shipment)).toBe(250);
  expect(sendBack(shipment, 251)).toEqual({ exceeded: 'DELIVERED', possible: 250 });
  expect(sendBack(shipment, 250)).toEqual({ committed: 0, inTransit: 0, delivered: -250 });
});

const OPEN = { isAcknowledged: false, isCancelled: false };
test.each([
  ['REQUESTED', OPEN, [line(), line()]],
  ['ACKNOWLEDGED', { ...OPEN, isAcknowledged: true }, [line()]],
  ['PARTLY_COMMITTED', OPEN, [line({ committed: 1 }), line()]],
  ['PARTLY_COMMITTED', OPEN, [line({ committed: 500, delivered: 500 }), line()]],
  ['COMMITTED', OPEN, [line({ committed: 500, inTransit: 499 })]],
  ['DISPATCHED', OPEN, [line({ committed: 500, inTransit: 100, delivered: 400 })]],
  ['RECEIVED', OPEN, [line({ committed: 500, delivered: 500 })]],
  ['CANCELLED', { ...OPEN, isCancelled: true }, [line({ committed: 500, delivered: 500 })]],
] as const)('a request is %s', (status, request, lines) => {
  expect(statusOf(request, lines)).toBe(status);
  expect(isOver(status)).toBe(status === 'RECEIVED' || status === 'CANCELLED');
});

test.each([
  ['of a day, after an hour', DAY_MINUTES, 60],
  ['of two hours, after half an hour', 120, 30],
  ['of half an hour, after ten minutes', 30, 10],
])('a request %s, is escalated unless somebody acknowledged it', (_, neededIn, expected) => {
  const at = new Date('2026-01-15T09:00:00Z');
  const until = acknowledgeUntil(at, new Date(at.getTime() + neededIn * MINUTE_MS));
  expect((until.getTime() - at.getTime()) / MINUTE_MS).toBe(expected);
});

/** A line with its commitments and shipments, on which any sequence of steps is applied. */
class Ledger {
  line = line({ requested: 20 });
  readonly commitments: (CommitmentQuantities & { shipments: ShipmentQuantities[] })[] = [];

  commit(quantity: number): void {
    const outcome = commit(this.line, quantity);
    if (isExceeded(outcome)) return;
    this.line = outcome;
    this.commitments.push({ quantity, inTransit: 0, delivered: 0, shipments: [] });
  }

  apply(commitment: CommitmentQuantities, change: LedgerChange): void {
    Object.assign(commitment, changed(commitment, change), {
      quantity: sumOf(commitment.quantity, change.committed),
    });
    this.line = {
      ...changed(this.line, change),
      committed: sumOf(this.line.committed, change.committed),
    };
  }
}

test('no sequence of steps over-commits a line, or loses or doubles a unit', () => {
  const step = fc.record({
    kind: fc.constantFrom(
      ...['commit', 'withdraw', 'dispatch', 'receive', 'reject', 'lose', 'send back'],
    ),
    quantity: fc.integer({ min: 1, max: 12_000 }).map((thousandths) => thousandths / 1000),
    commitment: fc.nat(3),
    shipment: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ledger = new Ledger();
      for (const { kind, quantity, ...at } of steps) {
        if (kind === 'commit') ledger.commit(quantity);
        const commitment = ledger.commitments[at.commitment];
        if (!commitment) continue;
        const shipment = commitment.shipments[at.shipment];
        if (kind === 'withdraw') ledger.apply(commitment, withdraw(commitment));
        if (kind === 'dispatch') {
          const outcome = dispatch(commitment, quantity);
          if (isExceeded(outcome)) continue;
          ledger.apply(commitment, outcome);
          commitment.shipments.push({ quantity, received: 0, lost: 0, rejected: 0, returned: 0 });
        }
        if (!shipment) continue;
        if (kind === 'receive') {
          const outcome = receive(shipment, quantity);
          if (isExceeded(outcome)) continue;
          ledger.apply(commitment, outcome);
          shipment.received = sumOf(shipment.received, quantity);
        }
        if (kind === 'reject') {
          const outcome = reject(shipment, quantity);
          if (isExceeded(outcome)) continue;
          ledger.apply(commitment, outcome);
          shipment.rejected = sumOf(shipment.rejected, quantity);
        }
        if (kind === 'lose') {
          ledger.apply(commitment, lose(shipment));
          shipment.lost = sumOf(shipment.lost, inTransitOf(shipment));
        }
        if (kind === 'send back') {
          const outcome = sendBack(shipment, quantity);
          if (isExceeded(outcome)) continue;
          ledger.apply(commitment, outcome);
          shipment.returned = sumOf(shipment.returned, quantity);
        }
        expect(isConsistent(ledger)).toBe(true);
      }
    }),
  );
});

function isConsistent({ line: sums, commitments }: Ledger): boolean {
  const { requested, committed, inTransit, delivered } = sums;
  const shipments = commitments.flatMap((commitment) => commitment.shipments);
  return (
    requested >= committed &&
    committed >= sumOf(inTransit, delivered) &&
    inTransit >= 0 &&
    delivered >= 0 &&
    committed === sumOf(...commitments.map(({ quantity }) => quantity)) &&
    inTransit === sumOf(...shipments.map(inTransitOf)) &&
    delivered === sumOf(...shipments.map(returnableOf))
  );
}

describe('an instant ahead', () => {
  const now = new Date('2026-01-15T09:00:00.000Z');
  const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
  const hour = HOUR_MS;
  const longest = 366 * 24 * hour;

  test.each<[string, Date | null | undefined, Date]>([
    ['that is not given', undefined, now],
    ['that is null', null, now],
    ['just after now', later(1), now],
    ['366 days ahead', later(longest), now],
    ['after what it begins with', later(hour + 1), later(hour)],
  ])('%s is accepted', (_, at, after) => {
    expect(refusalIfNotAhead('until', at, now, after)).toBeUndefined();
  });

  test.each<[string, Date, Date]>([
    ['that is now', now, now],
    ['that has passed', later(-hour), now],
    ['over 366 days ahead', later(longest + 1), now],
    ['before what it begins with', later(hour), later(hour)],
  ])('%s is refused, with its limits', (_, at, after) => {
    const [earliest, latest] = [new Date(after.getTime() + 1), later(longest)];
    expect(refusalIfNotAhead('until', at, now, after)).toMatchObject({
      __typename: 'SupplyTimeOutOfRange',
      field: 'until',
      at,
      earliest,
      latest,
    });
  });
});
