import { SHIPPED_REGISTER } from './options.js';
import { readRegister } from './register.js';
import { divide, sitesWithIntensiveCare, type Share, type Total } from './division.js';

const sum = (shares: Share[]) => ({
  operable: total(shares, (share) => share.operable),
  occupied: total(shares, (share) => share.occupied),
  free: total(shares, freeAt),
});
const total = (shares: Share[], of: (share: Share) => number) =>
  shares.reduce((whole, share) => whole + of(share), 0);
const freeAt = ({ operable, occupied, blocked }: Share) =>
  Math.max(0, operable - occupied - blocked);
const hasNoNegative = (shares: Share[]) =>
  shares.every(({ operable, occupied, blocked }) => Math.min(operable, occupied, blocked) >= 0);

/** Numbers that look random and are the same in every run (mulberry32). */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const site = (siteNumber: string | null, kind = 'HOSPITAL') => ({
  id: `id-${siteNumber}`,
  siteNumber,
  kind,
});

describe('division of a Kreis total over its sites', () => {
  test('divides operable beds evenly, the first sites take what is left over', () => {
    expect(divide({ operable: 55, occupied: 38, free: 17 }, 3)).toEqual([
      { operable: 19, occupied: 13, blocked: 0 },
      { operable: 18, occupied: 12, blocked: 0 },
      { operable: 18, occupied: 13, blocked: 0 },
    ]);
  });

  test('gives the same shares for the same total', () => {
    const kreis = { operable: 229, occupied: 111, free: 100 };
    expect(divide(kreis, 7)).toEqual(divide(kreis, 7));
  });

  test('sums to the register exactly on every day of every Kreis of the shipped file, with any number of sites', async () => {
    const { days } = await readRegister(SHIPPED_REGISTER, '2020-10-01', '2021-01-31');
    const next = numbers(1);
    let rows = 0;
    for (const { kreis: _, ...row } of [...days.values()].flat()) {
      const shares = divide(row, 1 + next(40));
      if (JSON.stringify(sum(shares)) !== JSON.stringify(row)) expect(sum(shares)).toEqual(row);
      rows++;
    }
    // 404 units less Hamburg's seven districts and Eisenach, which lie inside others.
    expect(rows).toBe(396 * 123);
  });

  test('sums exactly for any numbers that do not contradict each other', () => {
    const next = numbers(2);
    for (let round = 0; round < 50_000; round++) {
      const operable = next(60);
      const row = { operable, occupied: next(80), free: next(operable + 1) };
      const plain = Math.max(0, row.operable - row.occupied);
      const shares = divide(row, row.free > plain ? 2 + next(12) : 1 + next(12));
      const failed = JSON.stringify(sum(shares)) !== JSON.stringify(row) || !hasNoNegative(shares);
      if (failed) expect({ row, shares, sum: sum(shares) }).toBe('exact and nowhere negative');
    }
  });

  test('gives no site more patients than beds unless the Kreis has', () => {
    const next = numbers(3);
    for (let round = 0; round < 20_000; round++) {
      const operable = next(300);
      const occupied = next(operable + 1);
      const shares = divide({ operable, occupied, free: operable - occupied }, 1 + next(12));
      if (!shares.every((share) => share.occupied <= share.operable))
        expect(shares).toBe('not overfull');
    }
  });

  test('blocks what is neither occupied nor free', () => {
    const shares = divide({ operable: 20, occupied: 10, free: 4 }, 2);
    expect(total(shares, ({ blocked }) => blocked)).toBe(6);
    expect(sum(shares)).toEqual({ operable: 20, occupied: 10, free: 4 });
  });

  test('shows no free bed at any site of an overfull Kreis', () => {
    const shares = divide({ operable: 10, occupied: 13, free: 0 }, 4);
    expect(shares.map(freeAt)).toEqual([0, 0, 0, 0]);
    expect(sum(shares)).toEqual({ operable: 10, occupied: 13, free: 0 });
  });

  test('makes the last site the overfull one when wards of a Kreis are overfull and free at once', () => {
    expect(divide({ operable: 10, occupied: 9, free: 3 }, 2)).toEqual([
      { operable: 5, occupied: 2, blocked: 0 },
      { operable: 5, occupied: 7, blocked: 0 },
    ]);
  });

  test.each<[Total, number]>([
    [{ operable: 10, occupied: 9, free: 3 }, 1],
    [{ operable: 4, occupied: 1, free: 6 }, 3],
  ])(
    'keeps operable and occupied of a total that contradicts itself: %j at %i sites',
    (row, sites) => {
      expect(sum(divide(row, sites))).toEqual({ ...row, free: row.operable - row.occupied });
    },
  );

  test('keeps a Kreis with 0 beds at 0, and its patients when it has any', () => {
    expect(sum(divide({ operable: 0, occupied: 0, free: 0 }, 3))).toEqual({
      operable: 0,
      occupied: 0,
      free: 0,
    });
    expect(sum(divide({ operable: 0, occupied: 2, free: 0 }, 3))).toEqual({
      operable: 0,
      occupied: 2,
      free: 0,
    });
  });
});

describe('sites that report intensive care', () => {
  test('are those of kinds that run intensive care, in the order of their site numbers', () => {
    const sites = [
      site('773002', 'SPECIALIST_CLINIC'),
      site('771009', 'PSYCHIATRIC_HOSPITAL'),
      site('771003'),
      site(null, 'PLACEHOLDER'),
      site('772000', 'BUNDESWEHR_HOSPITAL'),
    ];
    expect(sitesWithIntensiveCare(sites).map(({ siteNumber }) => siteNumber)).toEqual([
      '771003',
      '772000',
      null,
    ]);
  });

  test('are all sites of a Kreis that has none of these kinds', () => {
    const sites = [site('771009', 'PSYCHIATRIC_HOSPITAL'), site('771001', 'REHABILITATION_CLINIC')];
    expect(sitesWithIntensiveCare(sites).map(({ siteNumber }) => siteNumber)).toEqual([
      '771001',
      '771009',
    ]);
  });
});
