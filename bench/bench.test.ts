import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { inheritedEnvironment } from '../tests/environment.js';
import { projectPath } from '../shared/root.js';

async function bench(words: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [projectPath('bench/bench.mjs'), ...words], {
    env: inheritedEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const status = new Promise((resolve) => child.once('close', resolve));
  const [said, printed] = await Promise.all([text(child.stderr), text(child.stdout)]);
  return { said, printed, status: await status };
}

test('a bench that fails exits with status 1 and a last sentence that says why', async () => {
  const { said, printed, status } = await bench(['gateway', '--short'], { BENCH_SECONDS: 'never' });
  expect(said.trimEnd().split('\n').at(-1)).toBe(
    'The bench "gateway" failed and printed no figures: BENCH_SECONDS is a number of seconds above 0, for example 2; it is "never".',
  );
  expect({ printed, status }).toEqual({ printed: '', status: 1 });
});

test.each([[[]], [['nothing']], [['ingest', 'live']], [['nothing', '--short']]])(
  'the words %j are answered with the usage',
  async (words) => {
    const { said, status } = await bench(words);
    expect(said).toMatch(/^Usage: npm run -s bench -- casualties\|fanout\|/m);
    expect(status).toBe(1);
  },
);
