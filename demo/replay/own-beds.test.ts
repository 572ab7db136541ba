import type { BedCategory } from './generated/operations.js';
import { ownBedsOf, type ReportedBeds } from './own-beds.js';

const beds = (category: BedCategory, changes: Partial<ReportedBeds> = {}): ReportedBeds => ({
  category,
  operable: 10,
  occupied: 8,
  blocked: 1,
  stale: false,
  provenance: { method: 'REPORTED' },
  ...changes,
});
const MODELLED = { provenance: { method: 'MODELLED' } } as const;

test.each([
  ['nothing', [], undefined],
  ['its share alone', [beds('ICU_UNSPECIFIED', MODELLED)], undefined],
  ['no intensive care', [beds('NORMAL_WARD'), beds('NEONATAL_ICU')], undefined],
  ['a level without numbers', [beds('ECMO', { operable: null, occupied: null })], undefined],
  ['a stale level', [beds('ICU_HIGH_CARE', { stale: true })], undefined],
  [
    'levels and beds for children',
    [beds('ICU_LOW_CARE'), beds('ICU_HIGH_CARE'), beds('ECMO'), beds('PAEDIATRIC_ICU')],
    { operable: 40, occupied: 32, blocked: 4, isWhole: true },
  ],
  [
    'intensive care whose level it does not state',
    [beds('ICU_UNSPECIFIED')],
    { operable: 10, occupied: 8, blocked: 1, isWhole: true },
  ],
  [
    'beds for children beside its share',
    [beds('ICU_UNSPECIFIED', MODELLED), beds('PAEDIATRIC_ICU')],
    { operable: 10, occupied: 8, blocked: 1, isWhole: false },
  ],
  [
    'one fresh level and a stale one, which stays in force beside it',
    [beds('ECMO'), beds('ICU_HIGH_CARE', { stale: true })],
    { operable: 20, occupied: 16, blocked: 2, isWhole: true },
  ],
])('a facility that reports %s', (_, reported, expected) => {
  expect(ownBedsOf(reported)).toEqual(expected);
});
