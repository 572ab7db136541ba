import { NOW } from '../../../../../shared/testing/now.js';
import { DAY_MINUTES, MINUTE_MS } from '../../../../../shared/time/rules.js';
import type { ReserveBedsInput } from '../../../generated/graphql.js';
import { judgeRequests } from './requests.js';

const after = (minutes: number, milliseconds = 0) =>
  new Date(NOW.getTime() + minutes * MINUTE_MS + milliseconds);
const call = (changes: Partial<ReserveBedsInput> = {}): ReserveBedsInput => ({
  items: [{ facility: 'a', category: 'ECMO', count: 1 }],
  kind: 'PRIMARY',
  mode: 'ALL_OR_NOTHING',
  acceptStale: false,
  idempotencyKey: 'key',
  ...changes,
});

test.each([
  ['PRIMARY', 30],
  ['STRATEGIC', 360],
] as const)('%s is kept for %s minutes when nobody says otherwise', (kind, minutes) => {
  expect(judgeRequests(call({ kind }), NOW)).toEqual({
    expiresAt: after(minutes),
    requests: [{ facility: 'a', category: 'ECMO', intake: null, count: 1 }],
  });
});

test.each([
  [after(0), false],
  [after(0, 1), true],
  [after(DAY_MINUTES), true],
  [after(DAY_MINUTES, 1), false],
  [after(-1), false],
])('a time to lapse lies after now and at most a day ahead: %s', (expiresAt, isAccepted) => {
  const verdict = judgeRequests(call({ until: expiresAt }), NOW);
  if (isAccepted) expect(verdict).toMatchObject({ expiresAt });
  else {
    expect(verdict).toMatchObject({
      __typename: 'ExpiryOutOfRange',
      at: expiresAt,
      earliest: after(0, 1),
      latest: after(DAY_MINUTES),
    });
  }
});

test.each([
  ['category', { facility: 'a', count: 1 }],
  ['category', { facility: 'a', category: 'ECMO', intake: 'SK_I', count: 1 }],
  ['intake', { facility: 'a', intake: 'EX', count: 1 }],
  ['count', { facility: 'a', intake: 'SK_I', count: 0 }],
  ['count', { facility: 'a', intake: 'SK_I', count: -1 }],
  ['count', { facility: 'a', category: 'ECMO', count: 5_001 }],
] as const)('an item with a wrong %s is named by its position: %j', (field, item) => {
  const items = [{ facility: 'a', category: 'ECMO' as const, count: 5_000 }, item];
  expect(judgeRequests(call({ items }), NOW)).toMatchObject({
    __typename: 'InvalidReservationItem',
    position: 1,
    field,
  });
});
