import { hoursFromNow, NOW } from '../../../shared/testing/now.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { dueDeclaration, isNewFall } from './rules.js';

const hoursOf = (instant: Date) => (instant.getTime() - NOW.getTime()) / HOUR_MS;
const ICU = 'ICU_HIGH_CARE';

describe('what capacity is due', () => {
  const beds = (count: number, from = -3) =>
    ({ category: ICU, beds: count, from: hoursFromNow(from) }) as const;
  const declared = (until: number, ...limited: object[]) => ({
    beds: JSON.parse(JSON.stringify(limited)),
    observedAt: NOW,
    until: hoursFromNow(until),
    fellAt: null,
    concerns: [],
  });
  const confirmed = (confirmedAt: Date) => ({ fall: null, concerns: [], confirmedAt });
  const fall = (hours: number) => ({ fall: hoursFromNow(hours), concerns: [], confirmedAt: NOW });
  const due = (limited: any, before: any) =>
    dueDeclaration(limited, confirmed(NOW), before, NOW)?.beds.map((one) => [
      one.category,
      one.beds,
    ]);

  test.each([
    ['nothing, where nothing is limited', [], undefined, undefined],
    ['what is limited', [beds(8)], undefined, [[ICU, 8]]],
    ['nothing again for the same', [beds(8)], declared(20, beds(8)), undefined],
    ['the same before it runs out', [beds(8)], declared(12, beds(8)), [[ICU, 8]]],
    ['another number', [beds(7)], declared(20, beds(8)), [[ICU, 7]]],
    ['another hour', [beds(0, 6)], declared(20, beds(0, 5)), [[ICU, 0]]],
    [
      'nothing for an hour that moved by seconds',
      [beds(0, 5.01)],
      declared(20, beds(0, 5)),
      undefined,
    ],
    ['that it is over', [], declared(20, beds(8)), [[ICU, null]]],
    ['nothing more, where that was said', [], declared(20), undefined],
    [
      'what is over beside what is not',
      [beds(8)],
      declared(20, { ...beds(2), category: 'ECMO' }),
      [
        [ICU, 8],
        ['ECMO', null],
      ],
    ],
  ] as [string, any, any, unknown][])('%s', (_, limited, before, expected) => {
    expect(due(limited, before)).toEqual(expected);
  });

  test('the same again where a person must look at something else of it', () => {
    const of = (concerns: string[]) => ({ fall: null, concerns, confirmedAt: NOW });
    const before = { ...declared(20, beds(8)), concerns: ['SUDDEN_RISE' as const] };
    expect(dueDeclaration([beds(8)], of(['SUDDEN_RISE']), before, NOW)).toBeUndefined();
    expect(dueDeclaration([beds(8)], of([]), before, NOW)?.beds).toEqual([beds(8)]);
    expect(dueDeclaration([beds(8)], of(['LOAD_DROPPED']), before, NOW)).toBeDefined();
  });

  test('each is observed later than the one before, and lasts a day', () => {
    const { observedAt, until } = dueDeclaration(
      [beds(7)],
      confirmed(NOW),
      declared(20, beds(8)),
      NOW,
    )!;
    expect(observedAt.getTime()).toBe(NOW.getTime() + 1);
    expect(hoursOf(until)).toBe(24);
  });

  // A level was reported once at 0:00 and the beds declared: at 12:00 nobody has looked again, and at 24:00 a person must.
  test.each([
    ['is renewed until a day after the level was confirmed', -2, 10, 22],
    ['is not renewed where nobody has confirmed the level since', -14, 10, undefined],
    ['is not renewed by a level that is older than a day', -30, -6, undefined],
  ])('the same %s', (_, confirmedAt, until, expected) => {
    const renewed = dueDeclaration(
      [beds(8)],
      confirmed(hoursFromNow(confirmedAt)),
      declared(until, beds(8)),
      NOW,
    );
    expect(renewed && hoursOf(renewed.until)).toBe(expected);
  });

  test('another hour by a level that nobody has confirmed for a day is declared, and is to review at once', () => {
    const moved = dueDeclaration(
      [beds(8, 3)],
      confirmed(hoursFromNow(-30)),
      declared(-6, beds(8)),
      NOW,
    )!;
    expect(Number(moved.until) - Number(moved.observedAt)).toBe(60_000);
  });

  test('what is limited for longer than capacity accepts is declared from then on', () => {
    const {
      beds: [limited],
    } = dueDeclaration([beds(8, -1_000)], confirmed(NOW), undefined, NOW)!;
    expect(limited!.from).toEqual(hoursFromNow(-167));
  });

  test('a sudden fall is declared at once and once, and is new for a day', () => {
    const fallen = [beds(0, 80)];
    const first = dueDeclaration(fallen, fall(-1), undefined, NOW)!;
    expect([first.fellAt, isNewFall(first.fellAt, undefined, NOW)]).toEqual([
      hoursFromNow(-1),
      true,
    ]);
    const known = { ...declared(24, ...fallen), fellAt: first.fellAt };
    expect(dueDeclaration(fallen, fall(-1), known, NOW)).toBeUndefined();
    expect(isNewFall(hoursFromNow(-1), known, NOW)).toBe(false);
    expect(dueDeclaration(fallen, fall(0), known, NOW)).toMatchObject({ fellAt: hoursFromNow(0) });
    expect(isNewFall(hoursFromNow(-25), known, NOW)).toBe(false);
    expect(dueDeclaration([], confirmed(NOW), known, NOW)).toMatchObject({
      fellAt: hoursFromNow(-1),
    });
  });
});
