import { claimSetFrom } from '../../../../shared/identity/claims.js';
import type { Caller } from '../../../../shared/identity/caller.js';
import { MINUTE_MS } from '../../../../shared/time/rules.js';
import type { TransferAct, TransferStatus } from '../../generated/graphql.js';
import { sidesOf, type Ends } from './sides.js';
import {
  ACTS,
  ENDED,
  isActRefusal,
  nextPath,
  pathOfCreation,
  possibleIn,
  reasonAgainst,
  type Side,
} from './rules.js';
import { deadlineOf } from './rules/deadlines.js';
import type { Readiness } from './rules/readiness.js';

const HERE = 'facility of the patient';
const THERE = 'requested facility';

/** From a facility in Cologne to one in Munich, so that no area holds both. */
const STRATEGIC: Ends = {
  kind: 'STRATEGIC',
  status: 'REQUESTED',
  fromFacility: HERE,
  fromArea: '05315',
  toFacility: THERE,
  toArea: '09162',
  patientArea: '05315',
};

/** Written by hand, not derived from the rules: the side of each act; `there`: once the patient has arrived. */
const WHO_MAY = `
                          APPROVE DEFER REJECT REQUEST_DESTINATION ACCEPT REFUSE SEEK_TRANSPORT ASSIGN_TRANSPORT PICK_UP ARRIVE DIVERT HAND_OVER CANCEL DIE LAPSE
hospital@origin           -       -     -      yes                 -      -      yes            yes              -       -      yes    -         yes    yes -
hospital@destination      -       -     -      -                   yes    yes    -              -                -       -      -      yes       -      there -
hospital@elsewhere        -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
dispatch@origin           -       -     -      yes                 -      -      yes            yes              yes     yes    yes    -         yes    yes -
dispatch@destination      -       -     -      -                   -      -      -              -                yes     yes    -      -         -      -   -
dispatch@elsewhere        -       -     -      -                   -      -      -              -                yes     yes    -      -         -      -   -
crisis-staff@origin       yes     yes   yes    yes                 -      -      yes            yes              -       -      yes    -         yes    -   -
crisis-staff@destination  yes     yes   yes    -                   -      -      -              -                -       -      -      -         -      -   -
crisis-staff@elsewhere    -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
spoc@origin               yes     yes   yes    -                   -      -      -              -                -       -      -      -         -      -   -
spoc@destination          yes     yes   yes    -                   -      -      -              -                -       -      -      -         -      -   -
spoc@elsewhere            -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
health-office@origin      -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
chamber@origin            -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
supplier@origin           -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
family-information@origin -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
partner@origin            -       -     -      -                   -      -      -              -                -       -      -      -         -      -   -
service@origin            -       -     -      -                   -      -      -              -                yes     yes    -      -         -      -   -
`;

/** Written by hand as well: the statuses each act passes through, from each status in which it may be done. */
const WHEN = `
REQUESTED              APPROVE              APPROVED
REQUESTED              DEFER                DEFERRED
REQUESTED              REJECT               REJECTED
REQUESTED              REQUEST_DESTINATION  DESTINATION_REQUESTED
REQUESTED              CANCEL               CANCELLED
REQUESTED              DIE                  DIED
DEFERRED               APPROVE              APPROVED
DEFERRED               DEFER                DEFERRED
DEFERRED               REJECT               REJECTED
DEFERRED               REQUEST_DESTINATION  DESTINATION_REQUESTED
DEFERRED               CANCEL               CANCELLED
DEFERRED               DIE                  DIED
APPROVED               REQUEST_DESTINATION  DESTINATION_REQUESTED
APPROVED               CANCEL               CANCELLED
APPROVED               DIE                  DIED
DESTINATION_REQUESTED  REQUEST_DESTINATION  DESTINATION_REQUESTED
DESTINATION_REQUESTED  ACCEPT               ACCEPTED
DESTINATION_REQUESTED  REFUSE               REFUSED
DESTINATION_REQUESTED  CANCEL               CANCELLED
DESTINATION_REQUESTED  DIE                  DIED
REFUSED                REQUEST_DESTINATION  DESTINATION_REQUESTED
REFUSED                CANCEL               CANCELLED
REFUSED                DIE                  DIED
ACCEPTED               LAPSE                DESTINATION_REQUESTED
ACCEPTED               SEEK_TRANSPORT       TRANSPORT_SOUGHT
ACCEPTED               ASSIGN_TRANSPORT     TRANSPORT_ASSIGNED
ACCEPTED               CANCEL               CANCELLED
ACCEPTED               DIE                  DIED
TRANSPORT_SOUGHT       LAPSE                DESTINATION_REQUESTED
TRANSPORT_SOUGHT       ASSIGN_TRANSPORT     TRANSPORT_ASSIGNED
TRANSPORT_SOUGHT       CANCEL               CANCELLED
TRANSPORT_SOUGHT       DIE                  DIED
TRANSPORT_ASSIGNED     LAPSE                DESTINATION_REQUESTED
TRANSPORT_ASSIGNED     SEEK_TRANSPORT       TRANSPORT_SOUGHT
TRANSPORT_ASSIGNED     ASSIGN_TRANSPORT     TRANSPORT_ASSIGNED
TRANSPORT_ASSIGNED     PICK_UP              PICKED_UP UNDER_WAY
TRANSPORT_ASSIGNED     CANCEL               CANCELLED
TRANSPORT_ASSIGNED     DIE                  DIED
PICKED_UP              ARRIVE               ARRIVED
PICKED_UP              DIVERT               DIVERTED
PICKED_UP              DIE                  DIED
UNDER_WAY              APPROVE              UNDER_WAY
UNDER_WAY              ARRIVE               ARRIVED
UNDER_WAY              DIVERT               DIVERTED
UNDER_WAY              DIE                  DIED
DIVERTED               APPROVE              DIVERTED
DIVERTED               ACCEPT               ACCEPTED UNDER_WAY
DIVERTED               REFUSE               REFUSED DIVERTED
DIVERTED               DIVERT               DIVERTED
DIVERTED               DIE                  DIED
ARRIVED                HAND_OVER            HANDED_OVER
ARRIVED                DIE                  DIED
`;

/** The paths that approvals and a named destination decide. */
const WITH_APPROVALS = `
                                     APPROVAL_MISSING  DESTINATION_MISSING  READY
REQUESTED              APPROVE              REQUESTED         APPROVED             APPROVED>DESTINATION_REQUESTED
DEFERRED               APPROVE              REQUESTED         APPROVED             APPROVED>DESTINATION_REQUESTED
UNDER_WAY              APPROVE              UNDER_WAY         UNDER_WAY            UNDER_WAY
DIVERTED               APPROVE              DIVERTED          DIVERTED             DIVERTED
REQUESTED              REQUEST_DESTINATION  REQUESTED         APPROVED             DESTINATION_REQUESTED
DEFERRED               REQUEST_DESTINATION  DEFERRED          APPROVED             DESTINATION_REQUESTED
APPROVED               REQUEST_DESTINATION  REQUESTED         APPROVED             DESTINATION_REQUESTED
DESTINATION_REQUESTED  REQUEST_DESTINATION  REQUESTED         APPROVED             DESTINATION_REQUESTED
REFUSED                REQUEST_DESTINATION  REQUESTED         APPROVED             DESTINATION_REQUESTED
`;

const STATUSES: TransferStatus[] = [
  'REQUESTED',
  'DEFERRED',
  'APPROVED',
  'REJECTED',
  'DESTINATION_REQUESTED',
  'ACCEPTED',
  'REFUSED',
  'TRANSPORT_SOUGHT',
  'TRANSPORT_ASSIGNED',
  'PICKED_UP',
  'UNDER_WAY',
  'DIVERTED',
  'ARRIVED',
  'HANDED_OVER',
  'CANCELLED',
  'DIED',
];

const AREAS = { origin: '05', destination: '09', elsewhere: '14' };
const FACILITIES = { origin: HERE, destination: THERE, elsewhere: 'another facility' };
type End = keyof typeof AREAS;

const callerOf = (person: string): Caller => {
  const [role, end] = person.split('@') as [string, End];
  const realm = role === 'hospital' ? { facilities: [FACILITIES[end]] } : { areas: [AREAS[end]] };
  return { claims: claimSetFrom({ roles: [role], ...realm }), subject: person };
};

const lines = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
const [acts, ...people] = lines(WHO_MAY);
const paths = new Map(lines(WHEN).map(([status, act, ...path]) => [`${status} ${act}`, path]));

const isYes = (mark: string, status: TransferStatus) =>
  mark === 'yes' || (mark === 'there' && status === 'ARRIVED');

const everyCell = people.flatMap(([person, ...marks]) =>
  STATUSES.map((status) => ({
    person: person!,
    status,
    may: new Set(acts!.filter((_, column) => isYes(marks[column]!, status))),
  })),
);

/** The outcome of an act for callers on these sides: its path, with every approval given, or the reason against it. */
const step = (status: TransferStatus, act: TransferAct, sides: ReadonlySet<Side>) =>
  reasonAgainst(status, act, sides) ??
  nextPath(status, act, act === 'APPROVE' ? 'DESTINATION_MISSING' : 'READY');

test.each(everyCell)('$person with a transfer that is $status', ({ person, status, may }) => {
  const sides = sidesOf(callerOf(person), { ...STRATEGIC, status });
  for (const act of ACTS) {
    const outcome = step(status, act, sides);
    const path = paths.get(`${status} ${act}`);
    const expected = !may.has(act)
      ? { refused: 'NOT_YOURS', reason: expect.stringMatching(new RegExp(`^${act} is for .+\\.$`)) }
      : (path ?? { refused: 'NOT_NOW', reason: expect.stringContaining(status) });
    expect([act, outcome]).toEqual([act, expected]);
  }
});

test('the table names every act and every status', () => {
  expect([...acts!].sort()).toEqual([...ACTS].sort());
  const reached = new Set([...paths.values()].flat().concat('REQUESTED'));
  expect([...reached].sort()).toEqual([...STATUSES].sort());
});

const [readinesses, ...decided] = lines(WITH_APPROVALS);
test.each(decided)('from %s, %s leads where the approvals allow', (status, act, ...expected) => {
  const led = readinesses!.map((readiness) =>
    nextPath(status as TransferStatus, act as TransferAct, readiness as Readiness).join('>'),
  );
  expect(led).toEqual(expected);
});

test('the second table names every act whose path approvals decide, from every status', () => {
  const acts = ['APPROVE', 'REQUEST_DESTINATION'];
  const cells = [...paths.keys()].filter((cell) => acts.includes(cell.split(' ')[1]!));
  expect(decided.map(([status, act]) => `${status} ${act}`).sort()).toEqual(cells.sort());
});

test('a new transfer goes as far as its approvals and its destination allow', () => {
  expect(pathOfCreation('APPROVAL_MISSING', false)).toEqual(['REQUESTED']);
  expect(pathOfCreation('DESTINATION_MISSING', false)).toEqual(['REQUESTED', 'APPROVED']);
  expect(pathOfCreation('READY', false)).toEqual(['REQUESTED', 'DESTINATION_REQUESTED']);
  expect(pathOfCreation('READY', true)).toEqual(['REQUESTED', 'APPROVED', 'DESTINATION_REQUESTED']);
});

test('only the clock lets a slot lapse', () => {
  const clock = new Set<Side>(['CLOCK']);
  for (const status of STATUSES) {
    for (const act of ACTS) {
      const outcome = step(status, act, clock);
      const path = act === 'LAPSE' ? paths.get(`${status} LAPSE`) : undefined;
      if (path) expect(outcome).toEqual(path);
      else expect(isActRefusal(outcome)).toBe(true);
    }
  }
});

test('an act that is not possible now names the needed and the possible ones', () => {
  expect(step('REQUESTED', 'ACCEPT', new Set<Side>(['DESTINATION']))).toEqual({
    refused: 'NOT_NOW',
    reason:
      'The transfer is REQUESTED; ACCEPT needs one that is DESTINATION_REQUESTED, DIVERTED. Possible now: APPROVE, DEFER, REJECT, REQUEST_DESTINATION, CANCEL, DIE.',
  });
});

test.each([
  ['REQUESTED', true],
  ['DEFERRED', true],
  ['DIVERTED', false],
  ['UNDER_WAY', false],
] as const)('%s by itself says that an approval is missing: %p', (status, isMissing) => {
  expect(possibleIn(status).includes('APPROVE')).toBe(isMissing);
  expect(possibleIn(status, true)).toContain('APPROVE');
  expect(possibleIn(status, false)).not.toContain('APPROVE');
});

test.each([
  ['REQUESTED', 'SECONDARY', null, 60],
  ['DEFERRED', 'SECONDARY', null, 60],
  ['APPROVED', 'SECONDARY', null, null],
  ['DESTINATION_REQUESTED', 'SECONDARY', THERE, 60],
  ['DESTINATION_REQUESTED', 'PRIMARY', THERE, 5],
  // On board the patient cannot wait, whether a facility is requested or none is found.
  ['DIVERTED', 'SECONDARY', THERE, 5],
  ['DIVERTED', 'SECONDARY', null, 5],
  ['REFUSED', 'PRIMARY', null, null],
  ['UNDER_WAY', 'PRIMARY', THERE, null],
] as const)(
  '%s, %s, with the destination %p, has to be decided within %p minutes',
  (status, kind, toFacility, minutes) => {
    const at = new Date('2026-01-15T09:00:00.000Z');
    const due = deadlineOf({ kind, status, toFacility }, at);
    expect(due && (due.getTime() - at.getTime()) / MINUTE_MS).toBe(minutes);
  },
);

test.each(ENDED)('nothing follows on %s', (status) => {
  expect(possibleIn(status)).toEqual([]);
  expect(step(status, 'CANCEL', new Set<Side>(['ORIGIN']))).toMatchObject({
    reason: expect.stringContaining('has ended'),
  });
});

const clinical = (changes: Partial<Ends> = {}): Ends => ({
  ...STRATEGIC,
  kind: 'SECONDARY',
  ...changes,
});

test.each<[string, string, Ends, TransferAct, boolean]>([
  ['the control room approves a clinical transfer', 'dispatch@origin', clinical(), 'APPROVE', true],
  ['a SPoC has no say in a clinical transfer', 'spoc@origin', clinical(), 'APPROVE', false],
  ['nor has the receiving Land', 'crisis-staff@destination', clinical(), 'APPROVE', false],
  [
    'nobody approves a primary transfer',
    'dispatch@origin',
    clinical({ kind: 'PRIMARY' }),
    'APPROVE',
    false,
  ],
  [
    'no Land takes part before a destination is named',
    'crisis-staff@destination',
    { ...STRATEGIC, toFacility: null, toArea: null },
    'APPROVE',
    false,
  ],
  [
    'nobody accepts before a destination is named',
    'hospital@destination',
    clinical({ toFacility: null, toArea: null }),
    'ACCEPT',
    false,
  ],
  [
    'a control room moves a patient of its scene, who is in no facility',
    'dispatch@origin',
    clinical({ fromFacility: null }),
    'CANCEL',
    true,
  ],
])('%s', (_, person, ends, act, isTheirs) => {
  const status = act === 'ACCEPT' ? 'DESTINATION_REQUESTED' : 'REQUESTED';
  expect(isActRefusal(step(status, act, sidesOf(callerOf(person), ends)))).toBe(!isTheirs);
});
