// JavaScript, because Prisma runs it while the build generates code, before anything is compiled.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { adapterFactory } from './adapter.mjs';

/** The engine's methods as Prisma's command line calls them: `call(method, params)`. */
export function schemaEngine(datasource, datamodels) {
  let loaded;

  /** A fresh engine per call: one instance can open a shadow database only once. */
  async function call(method, params) {
    await (loaded ??= load());
    const { factory, close } = adapterFactory(datasource);
    const engine = await glue.SchemaEngine.new({ datamodels }, () => {}, factory);
    try {
      return await engine[method](params);
    } finally {
      engine.free();
      await close();
    }
  }

  /**
   * The SQL that leads from the migrations to the schema, undefined when there is nothing to do. It replaces the
   * engine's own `createMigration` and `evaluateDataLoss`: as WebAssembly they fail once a migration exists
   * ("shadow DB must be provided through an external factory"), while `diff` computes the same and does not.
   */
  async function missingMigration({ migrationsList, schema, filters }) {
    const from = migrationsList.migrationDirectories.length
      ? { tag: 'migrations', ...migrationsList }
      : { tag: 'empty' };
    const to = { tag: 'schemaDatamodel', ...schema };
    const { stdout, exitCode } = await call('diff', {
      from,
      to,
      script: true,
      exitCode: true,
      filters,
    });
    return exitCode === 0 ? undefined : stdout;
  }

  const replaced = {
    getDatabaseVersion: (params) => call('version', params),

    async createMigration(params) {
      const script = await missingMigration(params);
      const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
      const needed = script !== undefined || params.draft;
      return {
        connectorType: 'postgresql',
        extension: 'sql',
        generatedMigrationName: needed ? `${stamp}_${params.migrationName}` : null,
        migrationScript: script ?? (params.draft ? '-- This is an empty migration.' : null),
      };
    },

    /** Warns of what is dropped. Whether a step can run on filled tables (a new required column) is not checked. */
    async evaluateDataLoss(params) {
      const script = await missingMigration(params);
      const drops = (script ?? '')
        .split('\n')
        .filter((line) => /\bDROP (TABLE|COLUMN|TYPE)\b/.test(line));
      return {
        migrationSteps: script === undefined ? 0 : 1,
        warnings: drops.map((line, stepIndex) => ({
          message: `Data is lost: ${line.trim()}`,
          stepIndex,
        })),
        unexecutableSteps: [],
      };
    },
  };

  return (method, params) => (replaced[method] ? replaced[method](params) : call(method, params));
}

/** Starts the WebAssembly module by hand: the package's own loader imports `.wasm`, which Node 20 cannot. */
async function load() {
  const path = createRequire(import.meta.url).resolve(
    '@prisma/schema-engine-wasm/schema_engine_bg',
  );
  const bytes = await readFile(path.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}
