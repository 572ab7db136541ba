import type { MstartFindingsInput } from '../../../generated/graphql.js';
import { mstart } from './mstart.js';

const UNALARMING: MstartFindingsInput = {
  walking: false,
  breathing: true,
  respiratoryRate: 16,
  spurtingBleeding: false,
  radialPulse: true,
  followsCommands: true,
  inhalationTraumaWithStridor: false,
};
const found = (over: Partial<MstartFindingsInput> = {}) => mstart({ ...UNALARMING, ...over });

test.each<[string, Partial<MstartFindingsInput>, string]>([
  ['who walks', { walking: true }, 'SK_III'],
  ['who walks, whatever else is found', { walking: true, spurtingBleeding: true }, 'SK_III'],
  ['who does not breathe after the airway was opened', { breathing: false }, 'EX'],
  ['who breathes 0 times a minute', { breathing: null, respiratoryRate: 0 }, 'EX'],
  ['who breathes 9 times a minute', { respiratoryRate: 9 }, 'SK_I'],
  ['who breathes 10 times a minute', { respiratoryRate: 10 }, 'SK_II'],
  ['who breathes 30 times a minute', { respiratoryRate: 30 }, 'SK_II'],
  ['who breathes 31 times a minute', { respiratoryRate: 31 }, 'SK_I'],
  ['who has a spurting bleeding', { spurtingBleeding: true }, 'SK_I'],
  ['who has no radial pulse', { radialPulse: false }, 'SK_I'],
  ['who follows no commands', { followsCommands: false }, 'SK_I'],
  ['who breathed in smoke and has a stridor', { inhalationTraumaWithStridor: true }, 'SK_I'],
  ['everybody else', {}, 'SK_II'],
])('%s', (_, over, category) => {
  expect(found(over)).toBe(category);
});

test('nothing else need be looked for in who walks or does not breathe', () => {
  expect(mstart({ walking: true })).toBe('SK_III');
  expect(mstart({ walking: false, breathing: false })).toBe('EX');
});

test('one alarming finding is enough', () => {
  expect(mstart({ walking: false, breathing: true, radialPulse: false })).toBe('SK_I');
  expect(mstart({ walking: false, respiratoryRate: 40 })).toBe('SK_I');
});

test('whether he breathes must be known, whatever else is', () => {
  expect(found({ breathing: null, respiratoryRate: null, radialPulse: false })).toEqual({
    missing: ['breathing', 'respiratoryRate'],
  });
});

test.each(Object.keys(UNALARMING).slice(3))('SK II needs %s to be looked for', (name) => {
  expect(found({ [name]: null })).toEqual({ missing: [name] });
});
