import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { readSettings } from '../env.js';
import { projectPath } from '../root.js';
import { MINUTE_MS } from '../time/rules.js';
import { statementName } from './statements.js';
import { collector } from './testing/collector.js';
import { tracingTo } from './tracing.js';
import { slowness } from '../../tests/speed/slowness.js';

function logged() {
  const lines: { level: number; msg: string }[] = [];
  const to = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  return { lines, log: pino(to) };
}

/** Returns the packages of the SDK that a process has loaded which loads all services and requests tracing to `url`. */
async function loadedWith(url: string | undefined): Promise<string[]> {
  const module = (path: string) => JSON.stringify(pathToFileURL(projectPath('dist', path)));
  const program = `
    import { createRequire } from 'node:module';
    await import(${module('gateway/gateway.js')});
    await import(${module('subgraphs/capacity/capacity.js')});
    await import(${module('subgraphs/patients/patients.js')});
    const { tracingTo } = await import(${module('shared/telemetry/tracing.js')});
    await tracingTo(${JSON.stringify(url)}, 'gateway', console);
    const loaded = Object.keys(createRequire('/')('module')._cache).join('\\n');
    console.log(JSON.stringify(loaded.match(/@opentelemetry\\/(sdk-trace|exporter-trace)[\\w-]*/g) ?? []));
    process.exit(0);`;
  const run = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return [...new Set<string>(JSON.parse(run.stdout))].sort();
}

describe('telemetry', () => {
  it.each([
    [{}, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' }, 'http://otel:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' }, 'http://otel:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://otel/spans' }, 'http://otel/spans'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', OTEL_SDK_DISABLED: 'true' }, undefined],
  ])('with the settings %j spans go to %s', (env, url) => {
    expect(readSettings(env).otlpTracesUrl).toBe(url);
  });

  it('loads its libraries only where spans are wanted', async () => {
    expect(await loadedWith(undefined)).toEqual([]);
    expect(await loadedWith('http://127.0.0.1:9/v1/traces')).toContain(
      '@opentelemetry/sdk-trace-base',
    );
  });

  it('says once that the collector takes nothing, and once that it does again', async () => {
    const otel = await collector();
    const { lines, log } = logged();
    const { Outlet } = await import('./outlet.js');
    const outlet = new Outlet(otel.url, log);
    const send = () => new Promise((resolve) => outlet.export([], resolve));
    otel.respondWith(404);
    await send();
    await send();
    expect(lines.map(({ level }) => level)).toEqual([40]);
    otel.respondWith(200);
    await send();
    await send();
    expect(lines.map(({ level }) => level)).toEqual([40, 30]);
    await outlet.shutdown();
    await otel.close();
  });

  it('ends soon while the collector hangs', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const sockets: { destroy(): void }[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    const { port } = silent.address() as { port: number };
    const url = `http://127.0.0.1:${port}/v1/traces`;
    const tracing = await tracingTo(url, 'gateway', logged().log);
    tracing!.begin('something').end();
    const since = performance.now();
    await tracing!.close();
    expect(performance.now() - since).toBeLessThan(MINUTE_MS * slowness());
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it.each([
    [{ name: 'beds-in-force', text: 'SELECT 1' }, 'beds-in-force'],
    ['BEGIN', 'BEGIN'],
    [
      { text: 'SELECT "public"."patient"."id" FROM "public"."patient" WHERE 1=1' },
      'SELECT patient',
    ],
    ["INSERT INTO audit_entry (name) VALUES ('Erika')", 'INSERT audit_entry'],
    ["SELECT 'Erika'", 'SELECT'],
    [undefined, 'STATEMENT'],
  ])('calls the statement %j %s', (sent, name) => {
    expect(statementName(sent)).toBe(name);
  });
});
