// JavaScript, because it runs before anything is compiled.
/** Bundles the sandbox into `dist/`, with everything it needs: the page asks nobody but the hub it comes from. */
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const outdir = `${folder}dist`;

/** Monaco's background threads; workers.ts starts them by these file names. */
const WORKERS = {
  'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
  'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
  'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
};

/** GraphiQL's style sheet holds the editor's too; bundled again it would be a second copy that no page loads. */
const withoutSecondCopy = {
  name: 'without-second-copy',
  setup: ({ onLoad }) => onLoad({ filter: /monaco-editor.*\.css$/ }, () => ({ contents: '' })),
};

const common = {
  absWorkingDir: folder,
  outdir,
  bundle: true,
  minify: true,
  target: 'es2022',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
  legalComments: 'linked',
};

export async function build() {
  await rm(outdir, { recursive: true, force: true });
  await Promise.all([
    bundle({
      ...common,
      entryPoints: ['main.tsx'],
      format: 'esm',
      splitting: true,
      jsx: 'automatic',
      plugins: [withoutSecondCopy],
    }),
    // A worker is one self-contained file: module workers cannot be started everywhere yet.
    bundle({ ...common, entryPoints: WORKERS, format: 'iife' }),
    cp(`${folder}index.html`, `${outdir}/index.html`),
  ]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
