import { judgeKind, judgeOrganisation } from './rules.js';

test.each(['MAIN_EMPLOYER', 'SIDE_JOB'] as const)('an employment is not declared: %s', (kind) => {
  expect(judgeKind(kind, null)).toMatchObject({ field: 'kind' });
});

test.each(['BUNDESWEHR_RESERVE', 'RESERVE_POOL', 'CRISIS_STAFF'] as const)(
  'a commitment %s names no organisation',
  (kind) => {
    expect(judgeKind(kind, 'some')).toMatchObject({ field: 'organisation' });
    expect(judgeKind(kind, null)).toBeUndefined();
  },
);

test.each([
  ['FIRE_BRIGADE', 'FIRE_BRIGADE', true],
  ['THW', 'AID_ORGANISATION', true],
  ['AID_ORGANISATION', 'AID_ORGANISATION', true],
  ['FIRE_BRIGADE', 'AID_ORGANISATION', false],
  ['AID_ORGANISATION', 'FIRE_BRIGADE', false],
  ['THW', 'WHOLESALER', false],
] as const)(
  'a commitment %s to an organisation of the kind %s: %s',
  (kind, organisation, isRight) => {
    expect(judgeKind(kind, 'some')).toBeUndefined();
    expect(judgeOrganisation(kind, organisation)).toEqual(
      isRight ? undefined : expect.objectContaining({ field: 'organisation' }),
    );
  },
);
