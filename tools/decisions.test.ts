import { readdirSync, readFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';

const FOLDER = projectPath('docs/decisions');
const records = readdirSync(FOLDER).sort();

test('every decision has a number of its own, which its heading repeats', () => {
  const numbers = records.map((file) => file.slice(0, 4));
  expect(numbers).toEqual([...new Set(numbers)]);
  for (const file of records) {
    const [heading] = readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n');
    expect(heading).toMatch(new RegExp(`^# ${Number(file.slice(0, 4))}\\. \\S`));
  }
});
