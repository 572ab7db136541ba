import { readFileSync } from 'node:fs';
import { projectPath } from '../../../../shared/root.js';
import { readListFile } from './list-file.js';

const EXAMPLE = readFileSync(projectPath('subgraphs/supply/testing/lists/shortage-notices.csv'));
const TEXT = new TextDecoder('windows-1252').decode(EXAMPLE);
const utf8 = (text: string) => Buffer.from(text, 'utf8');

test('the list is read in Windows-1252 and in UTF-8, with and without a byte order mark', () => {
  const rows = readListFile(EXAMPLE);
  expect(rows).toHaveLength(6);
  expect(rows).toMatchObject({ 3: { Arzneimittlbezeichnung: 'Ätherisches Öl Muster' } });
  expect(readListFile(utf8(TEXT))).toEqual(rows);
  expect(readListFile(utf8(`\uFEFF${TEXT}`))).toEqual(rows);
});

test('a semicolon and quotes within quotes belong to the text', () => {
  expect(readListFile(EXAMPLE)).toMatchObject({
    0: { Grund: 'Verzögerung; Ursache: Abfüllung', klassifikation: 'versorgungsrelevant' },
    4: { Arzneimittlbezeichnung: 'Propofol "Muster" 10 mg/ml' },
  });
});

test('a whole list without a last line end is read', () => {
  const [whole, rows] = [TEXT.trimEnd(), TEXT.trimEnd().split('\r\n')];
  expect(readListFile(utf8(rows.slice(0, 4).join('\n')))).toHaveLength(3);
  expect(readListFile(utf8(whole))).toHaveLength(6);
  expect(readListFile(utf8(`${rows.slice(0, 3).join('\n')}another class`))).toHaveLength(2);
});

test('a list that is cut anywhere within a line is refused in one sentence', () => {
  const lines = TEXT.trimEnd().split('\r\n');
  const [kept, cut] = [lines.slice(0, 3).join('\r\n'), lines[3]!];
  for (let length = 1; length < cut.length; length += 1) {
    const outcome = readListFile(utf8(`${kept}\r\n${cut.slice(0, length)}`));
    expect({ length, outcome }).toEqual({
      length,
      outcome: { fault: expect.stringMatching(/breaks off/) },
    });
  }
});

test.each([
  ['nothing', ''],
  ['a page', '<!DOCTYPE html>\n<html></html>'],
  ['another table', 'pzn;name\n00194323;Propofol'],
  ['commas instead of semicolons', TEXT.replaceAll(';', ',')],
])('%s is no list of shortages', (_, text) => {
  expect(readListFile(utf8(text))).toEqual({
    fault: expect.stringContaining('no list of shortages'),
  });
});

test('a binary file is no list of shortages', () => {
  expect(readListFile(Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x00))).toEqual({
    fault: expect.stringContaining('no list of shortages'),
  });
});
