// JavaScript, because it is a step of the build.
/**
 * Writes each compiled program of a hub, and those that act on a running one, with the packages that it loads, into few files below `dist/bundled/`: to find and read
 * more than a thousand small ones took a third of a start. Modules of several programs lie in `chunks/`.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED, DIST, PROJECT } from './paths.mjs';

/** Packages that are no ES modules expect this function. */
const REQUIRE = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`;

/**
 * Packages with which the gateway package would report its use to its maker. The hub turns that off before it makes a gateway
 * (`disableApolloTelemetry`), and they were half of the gateway's bundle.
 */
const OF_APOLLOS_TELEMETRY =
  /^@opentelemetry\/(sdk-metrics|resources|exporter-metrics-otlp-http|resource-detector-.*|semantic-conventions\/incubating)$/;
const withoutApollosTelemetry = {
  name: 'without the telemetry of the gateway package',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: OF_APOLLOS_TELEMETRY }, ({ path, importer }) =>
      /[\\/]@apollo[\\/]gateway[\\/]dist[\\/]/.test(importer)
        ? { path, namespace: 'left-out' }
        : undefined,
    );
    onLoad({ filter: /^/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const programs = [
  'start/main.js',
  // Loaded before the starter: as part of the same bundle it is loaded once.
  'shared/env.js',
  'start/token/token.js',
  ...['replay', 'incident', 'blackout'].map((name) => `demo/${name}/${name}.js`),
  'gateway/server.js',
  ...serversOfSubgraphs(),
]
  .map((program) => join(DIST, program))
  .filter((program) => existsSync(program));
const { outputs } = (
  await build({
    absWorkingDir: PROJECT,
    entryPoints: programs,
    outbase: DIST,
    outdir: BUNDLED,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // None beside Node's own: each package is loaded as Node would load it.
    conditions: [],
    banner: { js: REQUIRE },
    // An optional package, which is not installed.
    external: ['pg-native'],
    plugins: [withoutApollosTelemetry],
    logLevel: 'warning',
  })
).metafile;
removeOthers(new Set(Object.keys(outputs).map((file) => resolve(PROJECT, file))));

function serversOfSubgraphs() {
  const folder = join(DIST, 'subgraphs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => `subgraphs/${name}/server.js`);
}

/** Removes what earlier builds left. Last, so that a program which starts meanwhile finds what it loads. */
function removeOthers(written) {
  for (const entry of readdirSync(BUNDLED, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(file)) rmSync(file);
  }
}
