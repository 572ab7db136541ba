import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { projectPath } from '../shared/root.js';

const documents = execFileSync('git', ['ls-files', '*.md'], {
  cwd: projectPath(),
  encoding: 'utf8',
})
  .trim()
  .split('\n');

/** Returns the targets in the project of a document's links, without those in code. */
function targetsOf(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '`');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:|^#/.test(target));
}

test('links are found beside code, and links to other hosts are left out', () => {
  const text = '[`a`](a.ts) `[b](b.ts)` [c](https://example.org) [d](#d) [e](../e.md#part)';
  expect(targetsOf(`${text}\n\`\`\`\n[f](f.ts)\n\`\`\`\n`)).toEqual(['a.ts', '../e.md#part']);
});

test.each(documents)('every link of %s leads to a file or folder that is there', (document) => {
  const dead = targetsOf(readFileSync(projectPath(document), 'utf8')).filter((target) => {
    const [path] = decodeURI(target).split('#');
    return !existsSync(resolve(projectPath(dirname(document)), path!));
  });
  expect(dead).toEqual([]);
});
