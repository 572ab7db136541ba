import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../shared/root.js';
import { HOUR_MS, MINUTE_MS } from '../shared/time/rules.js';
import { until } from './until.js';

let project: string;
const inProject = (...path: string[]) => join(project, ...path);

// A small project with the real build: what it does to this one would disturb the other tests.
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'vierblatt-build-'));
  await mkdir(inProject('start'));
  await cp(projectPath('tools/build'), inProject('tools/build'), { recursive: true });
  await cp(projectPath('tools/build.mjs'), inProject('tools/build.mjs'));
  await symlink(projectPath('node_modules'), inProject('node_modules'));
  await writeFile(inProject('package.json'), '{ "type": "module" }');
  await writeFile(inProject('package-lock.json'), '{}');
  await writeFile(
    inProject('tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        outDir: 'dist',
        rootDir: '.',
        incremental: true,
        types: [],
      },
      include: ['start'],
    }),
  );
  await writeFile(inProject('start/main.ts'), 'export const answer: number = 42;\n');
});
afterEach(() => rm(project, { recursive: true, force: true }));

function build(): Promise<{ status: number; output: string[]; complaints: string[] }> {
  const lines = (text: string) => text.split('\n').filter(Boolean);
  return new Promise((resolve) => {
    execFile(process.execPath, [inProject('tools/build.mjs')], (error, output, complaints) => {
      resolve({
        status: Number(error?.code ?? 0),
        output: lines(output),
        complaints: lines(complaints),
      });
    });
  });
}

const BUILT = { status: 0, output: ['Building the programs ...'], complaints: [] };
const NOTHING_TO_DO = { status: 0, output: [], complaints: [] };

describe('the build', () => {
  it('builds what changed and says nothing when nothing did', async () => {
    expect(await build()).toEqual(BUILT);
    expect(existsSync(inProject('dist/start/main.js'))).toBe(true);
    expect(await build()).toEqual(NOTHING_TO_DO);

    const later = new Date(Date.now() + MINUTE_MS);
    await utimes(inProject('start/main.ts'), later, later);
    expect(await build()).toEqual(NOTHING_TO_DO);

    await writeFile(inProject('start/main.ts'), 'export const answer: number = 43;\n');
    expect(await build()).toEqual(BUILT);
  });

  it('notices a change of a file of which size and time stay the same, also when it has judged by them', async () => {
    const source = inProject('start/main.ts');
    const earlier = new Date(Date.now() - HOUR_MS);
    await utimes(source, earlier, earlier);
    await build();
    const [stamp] = await readdir(inProject('dist/.stamps'));
    const judgement = () => readFile(inProject('dist/.stamps', stamp!), 'utf8');
    // The second line, of sizes and times, is there as soon as the last change is some moments ago.
    await until(async () => {
      expect(await build()).toEqual(NOTHING_TO_DO);
      return /^\w+\n\w+$/.test(await judgement());
    }, 500);
    expect(await build()).toEqual(NOTHING_TO_DO);

    await writeFile(source, 'export const answer: number = 43;\n');
    await utimes(source, earlier, earlier);
    expect(await build()).toEqual(BUILT);
  });

  it('builds again what was deleted', async () => {
    await build();
    await rm(inProject('dist/start/main.js'));
    expect(await build()).toEqual(BUILT);
    expect(existsSync(inProject('dist/start/main.js'))).toBe(true);
  });

  it('shows what is wrong and says what to do, each time until it is corrected', async () => {
    await writeFile(inProject('start/main.ts'), "export const answer: number = 'x';\n");
    for (const _ of [1, 2]) {
      const { status, complaints } = await build();
      expect(status).toBe(1);
      expect(complaints).toEqual([
        expect.stringMatching(/^start\/main\.ts\(1,14\): error TS2322/),
        'Building the programs failed. Correct what is said above, then try again.',
      ]);
    }
    await writeFile(inProject('start/main.ts'), 'export const answer: number = 42;\n');
    expect(await build()).toEqual(BUILT);
  });

  it('builds once when two want it at the same moment', async () => {
    const both = await Promise.all([build(), build()]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(both.flatMap(({ output }) => output)).toEqual(BUILT.output);
    expect(existsSync(inProject('dist/.stamps/building'))).toBe(false);
  });

  it('goes on after a build that was killed', async () => {
    await mkdir(inProject('dist/.stamps'), { recursive: true });
    // Above the largest number a process can have
    await writeFile(inProject('dist/.stamps/building'), '4194305');
    expect(await build()).toEqual(BUILT);
  });

  it('trusts what is built where the tools to build with are not installed', async () => {
    await build();
    await rm(inProject('node_modules'));
    await writeFile(inProject('start/main.ts'), 'export const answer: number = 43;\n');
    expect(await build()).toEqual(NOTHING_TO_DO);

    await rm(inProject('dist'), { recursive: true });
    const { status, complaints } = await build();
    expect({ status, complaints }).toEqual({
      status: 1,
      complaints: [
        expect.stringMatching(
          /^Nothing is built yet .* Run npm ci without --omit=dev, then npm start\.$/,
        ),
      ],
    });
  });
});
