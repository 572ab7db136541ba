import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';

/** Folders that hold no part of the program. */
const LEFT_OUT = new Set(['testing', 'generated']);

const SERVICES = ['capacity', 'patients', 'supply', 'personnel'].map((name) => `subgraphs/${name}`);

function foldersOf(service: string): string[] {
  const files = execFileSync('git', ['ls-files', service], {
    cwd: projectPath(),
    encoding: 'utf8',
  });
  const below = files.split('\n').map((file) => file.slice(service.length + 1).split('/'));
  const folders = below.flatMap(([folder, ...rest]) => (rest.length > 0 ? [folder!] : []));
  return [...new Set(folders)].filter((folder) => !LEFT_OUT.has(folder));
}

test.each([...SERVICES, 'gateway'])('the README of %s names each of its folders', (service) => {
  const readme = readFileSync(projectPath(service, 'README.md'), 'utf8');
  expect(foldersOf(service).filter((folder) => !readme.includes(`\`${folder}/`))).toEqual([]);
});
