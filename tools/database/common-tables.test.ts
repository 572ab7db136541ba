import { existsSync, readFileSync } from 'node:fs';
import { SUBGRAPHS } from '../../shared/env.js';
import { projectPath } from '../../shared/root.js';

/** Prisma files of tables that libraries in `shared` read and write in every database that has them. */
const COMMON_FILES = ['hub.prisma', 'jobs.prisma', 'facility-directory.prisma'];

test.each(COMMON_FILES)('%s is the same in every subgraph that has it', (file) => {
  const paths = SUBGRAPHS.map((name) => projectPath('subgraphs', name, 'prisma/schema', file));
  const texts = paths.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
  expect(texts.length).toBeGreaterThan(1);
  expect(new Set(texts).size).toBe(1);
});

test('every subgraph has the tables of the hub', () => {
  const missing = SUBGRAPHS.filter(
    (name) => !existsSync(projectPath('subgraphs', name, 'prisma/schema/hub.prisma')),
  );
  expect(missing).toEqual([]);
});
