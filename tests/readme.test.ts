import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { projectPath } from '../shared/root.js';
import { startHub, type RunningHub } from './running-hub.js';

/** The shell commands of the README, in its order; a command that is broken by backslashes or quotes is one. */
const commands = [
  ...readFileSync(projectPath('README.md'), 'utf8').matchAll(/```sh\n(.*?)```/gs),
].map(([, block]) => block!.trim());
const command = (beginning: string) => commands.find((text) => text.startsWith(beginning))!;

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub({}, { firstDay: true });
});
/** Those that a failed test left behind would run for ever. */
const shells = new Set<ChildProcess>();
afterEach(() => {
  for (const { pid } of shells) process.kill(-pid!, 'SIGKILL');
  shells.clear();
});
afterAll(() => hub.stop());

/** The command as the README has it, after the one that sets TOKEN, but for the port: the test's hub has its own. */
function inShell(text: string): [string, string[], object] {
  const script = `${command('TOKEN=')}\n${text}`.replaceAll(
    '127.0.0.1:4000',
    new URL(hub.url).host,
  );
  return ['bash', ['-ec', script], { cwd: projectPath(), env: hub.environment }];
}
function run(text: string): ChildProcess {
  const [file, args, options] = inShell(text);
  const shell = spawn(file, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  shells.add(shell);
  shell.once('exit', () => shells.delete(shell));
  return shell;
}
/** Reaches everything the shell started, as in a terminal. */
async function pressCtrlC(shell: ChildProcess): Promise<void> {
  const ended = once(shell, 'exit');
  process.kill(-shell.pid!, 'SIGINT');
  await ended;
}
const responseOf = async (text: string) =>
  JSON.parse((await promisify(execFile)(...inShell(text))).stdout);

test('the README has no command that is not run here', () => {
  expect(commands.map((text) => text.split(/\s/, 3).join(' '))).toEqual([
    'npm ci &&', // npm start: by every test that starts the hub
    'npm ci &&', // npm test: this is it
    'TOKEN=$(npm run -s',
    'curl -s http://127.0.0.1:4000/graphql',
    'curl -sN http://127.0.0.1:4000/graphql/stream',
    'npm run replay',
    'curl -s http://127.0.0.1:4000/graphql',
    'npm run incident', // the roster, below
    'npm run incident', // 1,000 casualties: in tests/incident.test.ts, with fewer
    'npm run blackout', // in tests/blackout.test.ts, with fewer hours
  ]);
});

test('a clean clone is set up and tested by the very commands of the README', () => {
  expect(commands.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
  const ci = readFileSync(projectPath('.ci/run'), 'utf8').split('\n');
  expect(ci).toEqual(expect.arrayContaining(['npm ci', 'npm test']));
});

test('the first query shows intensive care in all 16 Länder', async () => {
  const { data, errors } = await responseOf(commands[3]!);
  expect(errors).toBeUndefined();
  expect(data.regions).toHaveLength(16);
  const nrw = data.regions.find(({ name }: { name: string }) => name === 'Nordrhein-Westfalen');
  expect(nrw.beds[0]).toMatchObject({ operable: 7205, stale: 0 });
});

test('a report is accepted as the README shows it', async () => {
  const { data, errors } = await responseOf(commands[6]!);
  expect(errors).toBeUndefined();
  expect(data.reportCapacity).toMatchObject({ name: 'St. Marien-Hospital', beds: [{ free: 3 }] });
});

test('the first subscription shows the replay of the README as it happens', async () => {
  const subscriber = run(command('curl -sN'));
  const lines = createInterface({ input: subscriber.stdout! })[Symbol.asyncIterator]();
  await lines.next(); // the stream is open
  const replay = run(command('npm run replay'));
  for (;;) {
    const line = (await lines.next()).value as string;
    if (!line.startsWith('data: {')) continue;
    const { capacityChanged } = JSON.parse(line.slice('data: '.length)).data;
    expect(capacityChanged).toMatchObject({
      cursor: expect.any(String),
      facility: { name: expect.any(String) },
    });
    break;
  }
  await Promise.all([replay, subscriber].map(pressCtrlC));
});

test('the exercise is played as the README says it, and ends with who went where', async () => {
  const { stdout } = await promisify(execFile)(...inShell(command('npm run incident')));
  expect(stdout).toMatch(/handed over/i);
});
