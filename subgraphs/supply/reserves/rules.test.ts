import type { RegisterReserveInput } from '../generated/graphql.js';
import {
  coverOf,
  packetCover,
  readinessOf,
  registrationFault,
  judgeRelease,
  judgeReplenishment,
  type ReserveRow,
} from './rules.js';

const RESERVE: ReserveRow = {
  id: 'a reserve',
  organisationId: 'a pharmacy',
  kind: 'MEDICAL_PACKET',
  name: 'Packets',
  releaseArea: '05',
  releaseRule: 'a disaster',
  readinessHours: 4,
  area: '05315',
  target: 3,
  packets: 2,
  itemId: 'a packet',
  modelledPackets: null,
  severePatients: 150,
  lightPatients: 100,
  days: 3,
};

test('a packet of the federal government treats 250 patients for 3 days, 150 severe and 100 light', () => {
  const cover = packetCover({ kind: 'MEDICAL_PACKET' });
  expect(coverOf(cover, 1)).toEqual({
    severePatients: 150,
    lightPatients: 100,
    patients: 250,
    days: 3,
  });
  expect(coverOf(cover, 2)).toEqual({
    severePatients: 300,
    lightPatients: 200,
    patients: 500,
    days: 3,
  });
});

test('a module of a depot treats whom it states', () => {
  const stated = { severePatients: 10, lightPatients: 0, days: 2 };
  expect(packetCover({ kind: 'DEPOT_MODULE', ...stated })).toEqual(stated);
});

test('no more packets are released than there are', () => {
  expect(judgeRelease(RESERVE, 2)).toBeUndefined();
  expect(judgeRelease(RESERVE, 3)).toMatchObject({
    __typename: 'NotEnoughPackets',
    availablePackets: 2,
    requestedPackets: 3,
  });
  const one = judgeRelease({ ...RESERVE, packets: 1 }, 2);
  expect(one?.message).toContain('has 1 packet now');
});

test('a reserve accepts as many packets as it lacks', () => {
  expect(judgeReplenishment(RESERVE, 1)).toBeUndefined();
  expect(judgeReplenishment(RESERVE, 2)).toMatchObject({
    __typename: 'TooManyPackets',
    missingPackets: 1,
  });
});

test('a modelled reserve is neither released nor replenished, and a stock above the target lacks nothing', () => {
  const modelled = { ...RESERVE, modelledPackets: 2 };
  expect(judgeRelease(modelled, 1)).toMatchObject({ __typename: 'ReserveNotConfirmed' });
  expect(judgeReplenishment(modelled, 1)).toMatchObject({ __typename: 'ReserveNotConfirmed' });
  const full = { ...RESERVE, packets: 4 };
  expect(judgeReplenishment(full, 1)).toMatchObject({ missingPackets: 0 });
});

test('a reserve is ready when all packets are there', () => {
  expect(readinessOf({ packets: 3, target: 3 })).toBe('READY');
  expect(readinessOf({ packets: 2, target: 3 })).toBe('REPLENISH');
});

const INPUT: RegisterReserveInput = {
  organisation: 'x',
  kind: 'MEDICAL_PACKET',
  name: 'Packets',
  releaseArea: '05',
  releaseRule: 'a disaster',
  readinessHours: 4,
  packets: 1,
  idempotencyKey: 'a key',
};

test.each<[Partial<RegisterReserveInput>, string]>([
  [{ name: '' }, 'name'],
  [{ releaseRule: ' ' }, 'releaseRule'],
  [{ readinessHours: -1 }, 'readinessHours'],
  [{ packets: 0 }, 'packets'],
  [{ packets: 10_001 }, 'packets'],
  [{ severePatients: -1 }, 'severePatients'],
  [{ kind: 'DEPOT_MODULE' }, 'together'],
  [{ kind: 'DEPOT_MODULE', lightPatients: 5 }, 'days'],
])('a registration with %j is refused', (change, words) => {
  expect(registrationFault({ ...INPUT, ...change })).toMatch(words);
});

test('a registration that states everything has no fault', () => {
  expect(registrationFault(INPUT)).toBeUndefined();
});
