import { dayOf, headingFault, LIST_COLUMNS, noticesOf, pznOfRow } from './rules.js';

const ROW = Object.fromEntries([
  ...LIST_COLUMNS.map((column) => [column, '']),
  ['Bearbeitungsnummer', '90001'],
  ['Arzneimittlbezeichnung', 'Example'],
]) as Record<string, string>;
const notice = (...rows: object[]) => {
  const notices = noticesOf(rows.map((row) => ({ ...ROW, ...row })));
  if ('fault' in notices) throw new Error(notices.fault);
  return notices[0]!;
};

test.each([
  ['31.12.2025', '2025-12-31'],
  ['29.02.2024', '2024-02-29'],
  [' 01.01.2026 ', '2026-01-01'],
  ['29.02.2025', undefined],
  ['31.04.2026', undefined],
  ['00.01.2026', undefined],
  ['1.1.2026', undefined],
  ['2026-01-01', undefined],
  ['01.01.0000', undefined],
  ['', undefined],
])('the day "%s" is %s', (text, day) => {
  expect(dayOf(text)).toBe(day);
});

test.each([
  ['00194323', '00194323'],
  [' 00194323 ', '00194323'],
  ['194323', '00194323'],
  ['99999999', null],
  ['00000000', null],
  ['0', null],
  ['', null],
  ['00194324', null],
  ['unbekannt', null],
])('the number "%s" is %s', (text, pzn) => {
  expect(pznOfRow(text)).toBe(pzn);
});

describe('the rows of one case', () => {
  test('are one notice from the first to the last day of its packs', () => {
    expect(
      notice(
        { PZN: '00194323', Beginn: '01.12.2025', Ende: '31.03.2026' },
        { PZN: '00194346', Beginn: '15.11.2025', Ende: '30.04.2026' },
      ),
    ).toMatchObject({
      startsOn: '2025-11-15',
      endsOn: '2026-04-30',
      packs: [{ pzn: '00194323' }, { pzn: '00194346' }],
    });
  });

  test('have no end where one pack has none', () => {
    expect(notice({ Ende: '31.03.2026' }, { Ende: '' })).toMatchObject({ endsOn: null });
    expect(notice({ Ende: '' }, { Ende: '31.03.2026' })).toMatchObject({ endsOn: null });
  });

  test('were last reported on the latest day, and are relevant for hospitals where one pack is', () => {
    expect(
      notice(
        { 'Datum der letzten Meldung': '', Krankenhausrelevant: 'Nein' },
        { 'Datum der letzten Meldung': '05.01.2026', Krankenhausrelevant: 'Ja' },
        { 'Datum der letzten Meldung': '04.01.2026', Krankenhausrelevant: 'Nein' },
      ),
    ).toMatchObject({ reportedOn: '2026-01-05', hospitalRelevant: true });
  });

  test('that are equal are one pack', () => {
    expect(notice({ PZN: '00194323' }, { PZN: '00194323' }).packs).toHaveLength(1);
  });
});

test.each([
  [{ Bearbeitungsnummer: ' ' }, 'Bearbeitungsnummer'],
  [{ Arzneimittlbezeichnung: '' }, 'Arzneimittlbezeichnung'],
  [{ Ende: '31.02.2026' }, 'Ende is no day DD.MM.YYYY; received "31.02.2026"'],
])('a list with the row %j is refused', (change, words) => {
  expect(noticesOf([ROW, { ...ROW, ...change }])).toEqual({
    fault: expect.stringContaining(words),
  });
});

test('a list without a notice is refused', () => {
  expect(noticesOf([])).toEqual({ fault: expect.stringContaining('no notice') });
});

test('a heading is that of the list where every column is there', () => {
  expect(headingFault([...LIST_COLUMNS, 'a new one'])).toBeUndefined();
  expect(headingFault(LIST_COLUMNS.slice(1))).toMatch('PZN is missing');
  expect(headingFault(['<!DOCTYPE html>'])).toMatch('and 20 others are missing');
});
