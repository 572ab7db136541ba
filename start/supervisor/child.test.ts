import { cleanEnvironment } from '../../tests/environment.js';
import { projectPath } from '../../shared/root.js';
import { keepRunning, pauseAfter, type Child } from './child.js';

const ending: AbortController[] = [];
const children: Child[] = [];
afterEach(async () => {
  for (const controller of ending.splice(0)) controller.abort();
  await Promise.all(children.splice(0).map((child) => child.stop(100)));
});

function keep(behaviour: string, report: (line: string) => void = () => {}) {
  const controller = new AbortController();
  const child = keepRunning(
    {
      name: 'stand-in',
      module: projectPath('start/supervisor/testing/stand-in.mjs'),
      environment: cleanEnvironment({ BEHAVIOUR: behaviour }),
    },
    report,
    controller.signal,
  );
  ending.push(controller);
  children.push(child);
  return { child, end: () => controller.abort() };
}

describe('a child of the starter', () => {
  it('that refuses its first start ends it with its own line', async () => {
    const { child } = keep('refuses');
    await expect(child.ready).rejects.toThrow(/^The stand-in cannot start\. Do this or that\.$/);
  });

  it('that dies in its first start ends it with a line that names it', async () => {
    const { child } = keep('dies before it is ready');
    await expect(child.ready).rejects.toThrow(/^The stand-in ended with status 3\.$/);
  });

  it('that dies later is started again, and that is said in one line each time', async () => {
    const lines: string[] = [];
    await new Promise<void>((resolve) => {
      keep('dies when it is ready', (line) => {
        lines.push(line);
        if (lines.length === 3) resolve();
      });
    });
    expect(lines).toEqual(
      Array(3).fill('The stand-in ended with signal SIGKILL. Starting it again.'),
    );
  });

  it('that does not end when asked is ended by force', async () => {
    const { child, end } = keep('ignores SIGTERM');
    await child.ready;
    end();
    await child.stop(100);
  });

  it('that ends while the hub ends has not died', async () => {
    const lines: string[] = [];
    const { child, end } = keep('ends on SIGTERM', (line) => lines.push(line));
    await child.ready;
    end();
    await child.stop(10_000);
    expect(lines).toEqual([]);
  });

  it('waits longer after each death, up to 5 seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map(pauseAfter)).toEqual([
      0, 250, 500, 1000, 2000, 4000, 5000, 5000,
    ]);
  });
});
