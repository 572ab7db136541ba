import { layersOf, importsByFolder, type Import } from './layers.js';
import {
  cycleProblems,
  faceProblems,
  jobProblems,
  libraryProblems,
  missingFaceProblems,
  topicProblems,
  writerProblems,
} from './problems.js';
import { parseSource } from './sources.js';
import { filesUsedBy } from './reach.js';
import { tablesOf, tablesWritten } from './writers.js';

const importing = (...pairs: [string, string][]): Import[] =>
  pairs.map(([from, to]) => ({ from: `part/${from}`, to: `part/${to}` }));

test('folders that import each other through a third are a cycle', () => {
  const imports = importing(['a/x.ts', 'b/x.ts'], ['b/x.ts', 'c/x.ts'], ['c/y.ts', 'a/y.ts']);
  expect(cycleProblems('part', imports)).toEqual([expect.stringContaining('part: a, b, c')]);
  expect(cycleProblems('part', imports.slice(0, 2))).toEqual([]);
});

test('a folder stands for everything beneath it', () => {
  const imports = importing(['a/deep/x.ts', 'b/x.ts'], ['b/y.ts', 'a/other/x.ts']);
  expect(cycleProblems('part', imports)).toEqual([expect.stringContaining('part: a, b')]);
});

test('a folder that imports a file beside it is in a cycle with the folder that composes it', () => {
  const imports = importing(['main.ts', 'a/x.ts'], ['a/x.ts', 'settings.ts']);
  expect(cycleProblems('part', imports)).toHaveLength(1);
});

test('rules.ts is a part of the folder rules/', () => {
  const imports = importing(['a/rules.ts', 'a/rules/x.ts'], ['a/rules/y.ts', 'a/rules.ts']);
  expect(cycleProblems('part', imports)).toEqual([]);
});

test('imports that run against the best order of layers are counted', () => {
  const imports = importing(
    ['top/x.ts', 'low/x.ts'],
    ['top/y.ts', 'low/x.ts'],
    ['low/x.ts', 'top/z.ts'],
  );
  const graph = importsByFolder('part', imports).get('part')!;
  expect(layersOf(graph)).toEqual({ order: ['top', 'low'], upward: 1 });
});

test('a module with a face is imported by its face alone', () => {
  const face = importing(['m/index.ts', 'm/a/x.ts']);
  const past = importing(['n/x.ts', 'm/a/x.ts']);
  expect(faceProblems([...face, ...past])).toEqual([expect.stringContaining('part/n/x.ts')]);
  const allowed = importing(
    ['n/x.ts', 'm/index.ts'],
    ['n/rules.ts', 'm/rules.ts'],
    ['m/b/x.ts', 'm/a/x.ts'],
  );
  expect(faceProblems([...face, ...allowed])).toEqual([]);
});

test('a concept with a face is imported by its face alone within its module too', () => {
  const module = importing(['m/index.ts', 'm/a/index.ts'], ['m/a/index.ts', 'm/a/x.ts']);
  const past = importing(['m/b/x.ts', 'm/a/x.ts']);
  expect(faceProblems([...module, ...past])).toEqual([expect.stringContaining('part/m/b/x.ts')]);
});

test('a folder of which others import several files has a face, unless it is made of rules or of the database', () => {
  const past = importing(['n/x.ts', 'm/a/x.ts'], ['n/x.ts', 'm/a/y.ts']);
  expect(missingFaceProblems('part', past)).toEqual([expect.stringContaining('part/m has no')]);
  expect(missingFaceProblems('part', past.slice(1))).toEqual([]);
  const inside = importing(['m/b/x.ts', 'm/a/x.ts'], ['m/x.ts', 'm/a/y.ts']);
  expect(missingFaceProblems('part', inside)).toEqual([expect.stringContaining('part/m/a has no')]);
  const allowed = importing(
    ['n/x.ts', 'm/database/x.ts'],
    ['n/x.ts', 'm/database/y.ts'],
    ['m/x.ts', 'm/rules/x.ts'],
    ['m/x.ts', 'm/rules/y.ts'],
  );
  expect(missingFaceProblems('part', allowed)).toEqual([]);
});

test('the face of a folder may import what the folders in it hold and what they stand on', () => {
  const imports = importing(['m/index.ts', 'm/a/x.ts'], ['m/a/x.ts', 'm/base.ts']);
  const face = importing(['m/index.ts', 'm/base.ts'], ['n/x.ts', 'm/index.ts']);
  expect(cycleProblems('part', [...imports, ...face])).toEqual([]);
  expect(
    cycleProblems('part', [...imports, ...importing(['m/a/x.ts', 'm/index.ts'])]),
  ).toHaveLength(1);
});

test('a library has a README, a face and a test', () => {
  const whole = ['README.md', 'index.ts', 'deep/x.test.ts'].map((name) => `shared/lists/${name}`);
  expect(libraryProblems(whole)).toEqual([]);
  expect(libraryProblems(['shared/lists/rules.ts', ...whole.slice(0, 1)])).toEqual([
    expect.stringContaining('shared/lists has no test'),
  ]);
  expect(libraryProblems(['shared/lists/deep/index.ts', 'shared/env.ts'])).toHaveLength(3);
  expect(libraryProblems(['shared/testing/README.md', 'shared/testing/x.ts'])).toEqual([]);
});

test('a topic of an event that no events.ts has is found, in SQL too', () => {
  const events = parseSource('a/events.ts', `type Topic = 'capacity.beds-held';`);
  const store = parseSource('a/store.ts', "const a = `SELECT 'capacity.beds-hold', f.id`;");
  const sound = parseSource('a/sound.ts', "const a = 'capacity.beds-held', b = 'capacity.holds';");
  expect(topicProblems([events, sound])).toEqual([]);
  expect(topicProblems([events, store])).toEqual([expect.stringContaining('capacity.beds-hold')]);
});

test('a kind of job and a runner have their files, and a kind is named by a concept and a verb', () => {
  const kind = `export const PAY_JOB = 'bill.pay'; class Pay implements JobKind<A, B> { name = PAY_JOB; }`;
  const runner = 'class Jobs extends JobRunner {}';
  expect(
    jobProblems([parseSource('a/pay-job.ts', kind), parseSource('a/jobs.ts', runner)]),
  ).toEqual([]);
  expect(jobProblems([parseSource('a/store.ts', kind), parseSource('a/store.ts', runner)])).toEqual(
    [expect.stringContaining('<name>-job.ts'), expect.stringContaining('jobs.ts')],
  );
  expect(jobProblems([parseSource('a/x.ts', `const PAY_JOB = 'pay-bill';`)])).toEqual([
    expect.stringContaining('<concept>.<verb>'),
  ]);
});

const SCHEMA = `
model Bed {
  id String @id
  @@map("bed")
}
model Hold {
  id String @id
  @@map("hold")
}`;
const FUNCTIONS = `
CREATE FUNCTION free_beds() RETURNS INT LANGUAGE sql AS $$ UPDATE bed SET free = true RETURNING 1 $$;
CREATE FUNCTION count_beds() RETURNS INT LANGUAGE sql AS $$ SELECT count(*) FROM bed FOR UPDATE $$;
CREATE FUNCTION noted() RETURNS TRIGGER LANGUAGE plpgsql AS $body$ BEGIN DELETE FROM hold; END $body$;`;
const tables = tablesOf(SCHEMA, FUNCTIONS);
const written = (content: string) =>
  [...tablesWritten(parseSource('x.ts', content), tables)].sort();

test.each([
  ['an INSERT', 'const x = `INSERT INTO bed (id) VALUES ($1)`;', ['bed']],
  ['a DELETE in a part of WITH', "const x = 'WITH gone AS (DELETE FROM bed) SELECT 1';", ['bed']],
  [
    'two tables of one statement',
    '`WITH h AS (UPDATE hold SET a = 1) DELETE FROM bed`;',
    ['bed', 'hold'],
  ],
  [
    'a template with parts',
    'const x = `UPDATE ${where} bed`; const y = `UPDATE bed SET ${a}`;',
    ['bed'],
  ],
  ['a function that writes', "db.query('SELECT free_beds()');", ['bed']],
  ['Prisma Client', 'await this.#prisma.hold.update({});', ['hold']],
  ['a lock', 'const x = `SELECT FROM bed FOR UPDATE OF bed`;', []],
  ['a comment', '/* INSERT INTO bed */ const x = 1;', []],
  ['what else a trigger and a reader do', "db.query('SELECT noted(), count_beds()');", []],
])('%s is read as it is meant', (_, content, expected) => {
  expect(written(content)).toEqual(expected);
});

test('a table is written by one module, in however many of its folders', () => {
  const writers = new Map([
    ['bed', new Set(['beds/reports', 'beds/shares'])],
    ['hold', new Set(['holds', 'beds/reports'])],
    ['outbox_event', new Set(['shared/outbox', 'shared/idempotency'])],
  ]);
  expect(writerProblems(writers)).toEqual([
    expect.stringContaining('The table hold is written by beds, holds.'),
    expect.stringContaining('The table outbox_event'),
  ]);
});

test('a library is used by a subgraph that imports it, or imports what needs it', () => {
  const imports = [
    { from: 'subgraphs/a/store.ts', to: 'shared/jobs/index.ts' },
    { from: 'shared/jobs/index.ts', to: 'shared/jobs/store.ts' },
    { from: 'subgraphs/ab/store.ts', to: 'shared/directory/index.ts' },
  ];
  expect([...filesUsedBy('subgraphs/a', imports)]).toEqual([
    'shared/jobs/index.ts',
    'shared/jobs/store.ts',
  ]);
});
