import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readRegister } from './register.js';
import { PlayerError } from '../client/player-error.js';

const HEADER = 'datum,landkreis_id,intensivbetten_gesamt,intensivbetten_belegt,intensivbetten_frei';
let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'register-'))));
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Buffer, from = '2020-10-01', to = '2020-12-31') {
  const file = join(folder, 'kreise.csv');
  await writeFile(file, content);
  const { days, span, ends } = await readRegister(file, from, to);
  return { days: Object.fromEntries(days), span, ends: Object.fromEntries(ends) };
}

async function refusal(content: string | Buffer) {
  const error = await read(content).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlayerError);
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
}

const flensburg = { kreis: '01001', operable: 55, occupied: 38, free: 17 };

describe('a Kreis file of the register', () => {
  test.each([
    ['unix line ends', `${HEADER}\n2020-10-01,01001,55,38,17\n`],
    ['CRLF line ends', `${HEADER}\r\n2020-10-01,01001,55,38,17\r\n`],
    ['a byte order mark and no last line end', `\ufeff${HEADER}\n2020-10-01,01001,55,38,17`],
    ['CRLF after the header and LF after the rows', `${HEADER}\r\n2020-10-01,01001,55,38,17\n`],
    ['LF after the header and CRLF after the rows', `${HEADER}\n2020-10-01,01001,55,38,17\r\n`],
    ['CR line ends', `${HEADER}\r2020-10-01,01001,55,38,17\r`],
    ['semicolons', `${HEADER.replaceAll(',', ';')}\n2020-10-01;01001;55;38;17\n`],
    [
      'semicolons between columns and a comma in a name',
      'name;landkreis_id;datum;intensivbetten_gesamt;intensivbetten_belegt;intensivbetten_frei\r\n' +
        'Flensburg, Stadt;01001;2020-10-01;55;38;17\r\n',
    ],
    ['tabs', `${HEADER.replaceAll(',', '\t')}\n2020-10-01\t01001\t55\t38\t17\n`],
    [
      'a byte order mark, semicolons, CRLF after the header and gzip',
      gzipSync(`\ufeff${HEADER.replaceAll(',', ';')}\r\n2020-10-01;01001;55;38;17\n`),
    ],
    ['gzip', gzipSync(`${HEADER}\r\n2020-10-01,01001,55,38,17\r\n`)],
    [
      'further columns in any order, quotes',
      'landkreis_name,intensivbetten_belegt,landkreis_id,datum,x,intensivbetten_frei,intensivbetten_gesamt\n' +
        '"Flensburg, Stadt",38,01001,2020-10-01,NA,17,55\n',
    ],
    [
      'no column of operable beds, as the register publishes it',
      'datum,landkreis_id,intensivbetten_frei,intensivbetten_belegt\n2020-10-01,01001,17,38\n',
    ],
    [
      'no column of free beds',
      'datum,landkreis_id,intensivbetten_gesamt,intensivbetten_belegt\n2020-10-01,01001,55,38\n',
    ],
  ])('is read with %s', async (_, content) => {
    expect((await read(content)).days).toEqual({ '2020-10-01': [flensburg] });
  });

  test('the register has the requested days, in order, and the span of the file', async () => {
    const line = (day: string) => `${day},01001,55,38,17\n`;
    const content = `${HEADER}\n${line('2020-12-31')}${line('2020-10-01')}${line('2021-01-01')}${line('2020-09-30')}`;
    const { days, span } = await read(content);
    expect(Object.keys(days)).toEqual(['2020-10-01', '2020-12-31']);
    expect(span).toEqual({ first: '2020-09-30', last: '2021-01-01' });
  });

  test('reports nothing for a Kreis without numbers, 0 for one with 0 beds', async () => {
    const content = `${HEADER}\n2020-10-01,01001,NA,NA,NA\n2020-10-01,01002,0,0,0\n2020-10-02,01001,,,\n`;
    expect((await read(content)).days).toEqual({
      '2020-10-01': [{ kreis: '01002', operable: 0, occupied: 0, free: 0 }],
    });
  });

  test('leaves out the districts of Hamburg, which lie inside 02000', async () => {
    const kreise = ['02000', '02100', '02200', '02700', '02800'];
    const content = `${HEADER}\n${kreise.map((kreis) => `2020-10-01,${kreis},1,1,0\n`).join('')}`;
    expect((await read(content)).days['2020-10-01']?.map(({ kreis }) => kreis)).toEqual([
      '02000',
      '02800',
    ]);
  });
});

describe('Kreise that are no longer what they were', () => {
  const lines = (...rows: string[]) => `${HEADER}\n${rows.join('\n')}\n`;

  test('Eisenach lies in the Wartburgkreis, whose rows hold its beds already', async () => {
    const content = lines('2020-10-01,16056,44,23,21', '2020-10-01,16063,121,86,35');
    expect((await read(content)).days['2020-10-01']).toEqual([
      { kreis: '16063', operable: 121, occupied: 86, free: 35 },
    ]);
  });

  test('a day with Eisenach alone says nothing of the Wartburgkreis', async () => {
    expect((await read(lines('2020-10-01,16056,44,23,21'))).days).toEqual({});
  });

  test('the rows of former Kreise are summed under their successor', async () => {
    const content = lines('2020-10-01,03152,30,20,10', '2020-10-01,03156,12,11,1');
    expect((await read(content)).days['2020-10-01']).toEqual([
      { kreis: '03159', operable: 42, occupied: 31, free: 11 },
    ]);
  });

  test('a Kreis whose numbers end before the file does is named with its last day, one with a gap is not', async () => {
    const content = lines(
      '2020-10-01,01001,5,3,2',
      '2020-10-01,01002,5,3,2',
      '2020-10-02,01002,NA,NA,NA',
      '2020-10-03,01002,5,3,2',
      '2020-10-01,01003,5,3,2',
      '2020-10-02,01003,5,3,2',
      '2020-10-03,01003,NA,NA,NA',
      '2020-10-01,16056,5,3,2',
    );
    expect((await read(content)).ends).toEqual({ '01001': '2020-10-01', '01003': '2020-10-02' });
  });

  test('the successor of a Kreis whose rows end goes on', async () => {
    const content = lines('2020-10-01,03152,30,20,10', '2020-10-02,03159,42,31,11');
    expect((await read(content)).ends).toEqual({});
  });
});

describe('a file that cannot be used is refused in one line that says why:', () => {
  test('there is none', async () => {
    await expect(
      readRegister(join(folder, 'none.csv'), '2020-10-01', '2020-10-01'),
    ).rejects.toThrow(/There is no file .*none\.csv\. Check --file\./);
  });

  test('it is a folder', async () => {
    await expect(readRegister(folder, '2020-10-01', '2020-10-01')).rejects.toThrow('is a folder');
  });

  test('a column is missing', async () => {
    const message = await refusal(
      'datum,landkreis_id,intensivbetten_gesamt\n2020-10-01,01001,55\n',
    );
    expect(message).toMatch(
      /kreise\.csv has no column intensivbetten_belegt: a Kreis file .* has datum/,
    );
  });

  test.each([
    [
      '2020-10-01,01001,55,x38,17',
      'line 3: intensivbetten_belegt is "x38", expected a whole number',
    ],
    ['2020-10-01,01001,-5,38,17', 'line 3: intensivbetten_gesamt is "-5", expected a whole number'],
    ['2020-10-01,01001,55.5,38,17', 'line 3: intensivbetten_gesamt is "55.5"'],
    ['2020-02-30,01001,55,38,17', 'line 3: datum is "2020-02-30", expected a day'],
    ['2020-10-01,1001,55,38,17', 'line 3: landkreis_id is "1001", expected five digits'],
    ['2020-10-01,01002,55,38,17', 'line 3: Kreis 01002 stands twice on 2020-10-01'],
    ['2020-10-01,01001,55,38', 'is no readable CSV file'],
  ])('a line is wrong: %s', async (line, expected) => {
    expect(await refusal(`${HEADER}\r\n2020-10-01,01002,1,1,0\r\n${line}\r\n`)).toContain(expected);
  });

  test.each([1, 2, 3, 1_000, 60_000])(
    'row %i is wrong, however many stand around it',
    async (wrong) => {
      const row = (n: number) =>
        `2020-10-01,${String(10_000 + n)},${n === wrong ? 'viele' : '55'},38,17\n`;
      const rows = Array.from({ length: 60_000 }, (_, n) => row(n + 1)).join('');
      expect(await refusal(`${HEADER}\n${rows}`)).toMatch(
        new RegExp(
          `kreise\\.csv, line ${wrong + 1}: intensivbetten_gesamt is "viele", expected a whole number`,
        ),
      );
    },
  );

  test('it is a torn gzip file', async () => {
    const whole = gzipSync(`${HEADER}\n${'2020-10-01,01001,55,38,17\n'.repeat(100)}`);
    expect(await refusal(whole.subarray(0, 60))).toContain('is a damaged gzip file');
  });
});
