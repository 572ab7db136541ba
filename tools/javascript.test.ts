import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';

/** Files of the peers of a bench follow the documentation of their packages. */
const PEERS = /^bench\/peers\//;

const modules = execFileSync('git', ['ls-files', '*.mjs'], {
  cwd: projectPath(),
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !PEERS.test(file));

test.each(modules)('%s says at its head why it is not TypeScript', (file) => {
  const head = readFileSync(projectPath(file), 'utf8').split('\n', 6).join('\n');
  expect(head).toMatch(/JavaScript, because|Not TypeScript, so that/);
});
