import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { projectPath } from '../shared/root.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
afterEach(() => hub.stop());

test.each([-10, 10])(
  'a hub whose clock is %i minutes off that of its database works',
  async (minutes) => {
    hub = await startHub({
      NODE_OPTIONS: `--import ${pathToFileURL(projectPath('tests/clocks/other-clock.mjs')).href}`,
      CLOCK_OFF_MINUTES: String(minutes),
    });
    // Declares, triages, reserves, transports and hands over: every service calls every other.
    const played = spawn(
      process.execPath,
      [
        projectPath('demo/incident/incident.mjs'),
        '--patients',
        projectPath('data/manv/patients_44.json'),
      ],
      { env: hub.environment, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = once(played, 'exit');
    const [out, err] = await Promise.all([text(played.stdout), text(played.stderr)]);
    expect({ err, status: (await ended)[0] as number }).toEqual({ err: '', status: 0 });
    expect(out).toMatch(/44/);
  },
);
