import { ofReader } from './entries.js';
import { periodFault } from './rules.js';

const [EARLY, LATE] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-02T00:00:00Z')];

test.each([
  [null, null],
  [EARLY, null],
  [undefined, LATE],
  [EARLY, LATE],
])('a period from %s until %s has no fault', (from, until) => {
  expect(periodFault(from, until)).toBeUndefined();
});

test.each([
  [LATE, EARLY],
  [EARLY, EARLY],
])('a period from %s until %s is refused with both', (from, until) => {
  expect(periodFault(from, until)).toBe(
    `from lies before until; received ${from.toISOString()} and ${until.toISOString()}.`,
  );
});

test('an entry names the facilities of the reader that can be ids, and no other', () => {
  const own = '6f1c3f0e-0000-4000-8000-000000000001';
  const claims = { roles: ['hospital'], scopes: [], areas: [], organisations: [] };
  expect(ofReader({ claims: { ...claims, facilities: [own, 'x'] } })).toEqual({
    roles: ['hospital'],
    areas: [],
    facilities: [own],
    readerFacilities: [own],
  });
});
