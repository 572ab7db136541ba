import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectPath } from '../../shared/root.js';
import { runToEnd } from '../run-to-end.js';

const folder = mkdtempSync(join(tmpdir(), 'vierblatt-runner-'));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
afterAll(() => rmSync(folder, { recursive: true }));

test('a process that loads later than the others gets the settings too, and the run ends', async () => {
  const runner = projectPath('tests/typescript/runner.mjs');
  write('package.json', '{ "type": "module" }');
  for (const name of ['a', 'b', 'c']) write(`${name}.test.js`, `test('${name}', () => {});`);
  write(
    'jest.config.js',
    `export default { testEnvironment: 'node', runner: ${JSON.stringify(runner)} };`,
  );
  // The second process loads the runner a second later, while it goes on to read messages.
  write(
    'late.js',
    `import { register } from 'node:module';
    const hooks = \`export async function load(url, context, next) {
      if (url.endsWith('worker-runner.js')) await new Promise((resolve) => setTimeout(resolve, 1000));
      return next(url, context);
    }\`;
    if (process.env.TINYPOOL_WORKER_ID === '2') register('data:text/javascript,' + encodeURIComponent(hooks));`,
  );
  const { status, stderr } = await runToEnd(
    [projectPath('node_modules/jest/bin/jest.js'), '--maxWorkers=3'],
    {
      cwd: folder,
      variables: { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, 'late.js')).href}` },
    },
  );
  expect(stderr).toContain('3 passed, 3 total');
  expect(status).toBe(0);
});
