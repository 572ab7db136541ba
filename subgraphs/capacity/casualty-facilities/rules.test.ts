import type { DeclaredPhase } from '../phases/store.js';
import { casualtyFacility, type CasualtyFacts } from './rules.js';

const facility = (changes: Partial<CasualtyFacts> = {}): CasualtyFacts => ({
  id: 'h',
  area: '05315',
  kind: 'HOSPITAL',
  latitude: 51,
  longitude: 7,
  traumaLevel: 'LOCAL',
  capabilities: ['HELIPAD'],
  careLevel: 'STANDARD',
  closures: [],
  phases: [],
  childrenOnly: false,
  isModelled: false,
  failsAt: null,
  intake: [{ category: 'SK_I', limit: 2, free: 0, method: 'REPORTED' }],
  ...changes,
});

test('a facility counts once it has said of SK I to III what it takes, be it nothing any more', () => {
  expect(casualtyFacility(facility(), null)).toEqual({
    id: 'h',
    area: '05315',
    kind: 'HOSPITAL',
    latitude: 51,
    longitude: 7,
    traumaLevel: 'LOCAL',
    capabilities: ['HELIPAD'],
    reasons: [],
    closures: [],
    childrenOnly: false,
    capabilitiesModelled: false,
    latestArrival: null,
    intake: [{ category: 'SK_I', free: 0, limit: 2, method: 'REPORTED' }],
  });
  expect(casualtyFacility(facility({ intake: [] }), null)).toBeUndefined();
  const { intake } = facility();
  const palliative = intake.map((one) => ({ ...one, category: 'SK_IV' as const }));
  expect(casualtyFacility(facility({ intake: palliative }), null)).toBeUndefined();
});

test('a reason against the whole facility is named once', () => {
  const flood = { hazard: 'FLOOD', phase: 'CATASTROPHE' } as DeclaredPhase;
  const threatened = facility({ careLevel: 'DECOMPENSATED', phases: [flood, flood] });
  expect(casualtyFacility(threatened, null)!.reasons).toEqual(['OVERWHELMED', 'HAZARD']);
  expect(casualtyFacility(threatened, 'FLOOD')!.reasons).toEqual(['OVERWHELMED']);
});

test('a facility that fails soon is not sustainable, and SK I may arrive until two hours before', () => {
  const failsAt = new Date('2026-01-15T14:00:00Z');
  expect(casualtyFacility(facility({ failsAt }), null)).toMatchObject({
    reasons: ['NOT_SUSTAINABLE'],
    latestArrival: new Date('2026-01-15T12:00:00Z'),
  });
});
