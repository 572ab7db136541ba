import type {
  TransportMeans,
  TransportMisfit,
  TriageCategory,
} from '../../../generated/graphql.js';
import { MEANS, misfits, suitableMeans, type Passenger } from './fit.js';

const passenger = (changes: Partial<Passenger> = {}): Passenger => ({
  category: 'SK_II',
  needs: [],
  ventilated: false,
  physicianEscort: false,
  fromScene: true,
  ...changes,
});
const CATEGORIES = ['SK_I', 'SK_II', 'SK_III', 'SK_IV', 'EX', 'UNINJURED', 'UNTRIAGED'] as const;

/** `yes` carries the patient with any crew, `physician` with one on board, `no` never. */
const SUITABLE_MEANS = `
           SK_I       SK_II  SK_III  SK_IV      EX  UNINJURED  UNTRIAGED
RTW        physician  yes    yes     physician  no  yes        physician
KTW        no         no     yes     no         no  yes        no
KATS_KTW   no         no     yes     no         no  yes        no
ITW        yes        yes    yes     yes        no  yes        yes
RTH        yes        yes    yes     yes        no  yes        yes
ITH        yes        yes    yes     yes        no  yes        yes
NEF        no         no     no      no         no  no         no
BUS        no         no     yes     no         no  yes        no
LARGE_ITW  yes        yes    yes     yes        no  yes        yes
MEDEVAC    yes        yes    yes     yes        no  yes        yes
`;
const cells = SUITABLE_MEANS.trim()
  .split('\n')
  .slice(1)
  .flatMap((line) => {
    const [means, ...expected] = line.trim().split(/ +/);
    return expected.map((verdict, column) => [means, verdict, CATEGORIES[column]]);
  }) as [TransportMeans, 'yes' | 'physician' | 'no', TriageCategory][];

test('the table names every means and every category', () => {
  expect(cells).toHaveLength(Object.keys(MEANS).length * CATEGORIES.length);
});

test.each(cells)('%s from a scene: %s for %s', (means, verdict, category) => {
  const withPhysician = { means, physician: true, ventilator: false };
  const alone = { means, physician: false, ventilator: false };
  const never: TransportMisfit[] = [
    category === 'EX' ? 'NOT_BY_RESCUE_SERVICE' : 'MEANS_UNSUITABLE',
  ];
  const expected = { yes: [], physician: ['PHYSICIAN_MISSING'], no: never }[verdict];
  expect(misfits(passenger({ category }), alone)).toEqual(expected);
  expect(misfits(passenger({ category }), withPhysician)).toEqual(verdict === 'no' ? never : []);
  expect(suitableMeans(passenger({ category })).includes(means)).toBe(verdict !== 'no');
});

test('an untriaged patient of a hospital is judged by their needs alone', () => {
  const resting = passenger({ category: 'UNTRIAGED', fromScene: false });
  expect(misfits(resting, { means: 'KTW', physician: false, ventilator: false })).toEqual([]);
});

test.each<[TransportMeans, boolean, boolean, TransportMisfit[]]>([
  ['RTW', true, true, []],
  ['RTW', true, false, ['VENTILATOR_MISSING']],
  ['RTW', false, true, ['PHYSICIAN_MISSING']],
  ['RTW', false, false, ['PHYSICIAN_MISSING', 'VENTILATOR_MISSING']],
  ['KTW', true, true, ['MEANS_UNSUITABLE']],
  ['BUS', true, true, ['MEANS_UNSUITABLE']],
  ['ITW', false, false, []],
  ['ITH', false, false, []],
])(
  'a ventilated patient by %s, physician %s, ventilator %s',
  (means, physician, ventilator, expected) => {
    const slightly = passenger({ category: 'SK_III', ventilated: true });
    expect(misfits(slightly, { means, physician, ventilator })).toEqual(expected);
  },
);

test.each<[TransportMeans, boolean, TransportMisfit[]]>([
  ['KTW', false, ['PHYSICIAN_MISSING']],
  ['KTW', true, []],
  ['RTW', false, ['PHYSICIAN_MISSING']],
  ['RTW', true, []],
  ['RTH', false, []],
])('a patient with physician escort by %s, physician %s', (means, physician, expected) => {
  const escorted = passenger({ category: 'SK_III', physicianEscort: true });
  expect(misfits(escorted, { means, physician, ventilator: false })).toEqual(expected);
});

test('a patient on ECMO goes only by a means of intensive care with room for it', () => {
  expect(suitableMeans(passenger({ needs: ['ECMO'] }))).toEqual([
    'ITW',
    'ITH',
    'LARGE_ITW',
    'MEDEVAC',
  ]);
});

test('a patient to be isolated does not go by bus', () => {
  const isolated = passenger({ category: 'SK_III', needs: ['ISOLATION'] });
  expect(misfits(isolated, { means: 'BUS', physician: false, ventilator: false })).toEqual([
    'MEANS_UNSUITABLE',
  ]);
  expect(misfits(isolated, { means: 'KTW', physician: false, ventilator: false })).toEqual([]);
});

test('each means has its capacity', () => {
  const capacities = Object.entries(MEANS).map(([means, one]) => [means, one.capacity]);
  expect(Object.fromEntries(capacities)).toEqual({
    RTW: 1,
    KTW: 1,
    KATS_KTW: 2,
    ITW: 1,
    RTH: 1,
    ITH: 1,
    NEF: 0,
    BUS: 20,
    LARGE_ITW: 4,
    MEDEVAC: 12,
  });
});
