#!/usr/bin/env node
// JavaScript, because Prisma runs it while the build generates code, before anything is compiled.
/**
 * Stands in for Prisma's native schema engine, which Prisma's command line would download at first use and an
 * air-gapped control centre cannot get. Name this file in PRISMA_SCHEMA_ENGINE_BINARY and `prisma migrate`,
 * `prisma db` and `prisma generate` work offline.
 *
 * The protocol (arguments, log lines, JSON-RPC on stdin and stdout) is not documented by Prisma: it is what
 * prisma 7.10.0 speaks. The versions in package.json are therefore exact, and schema-engine/schema-engine.test.ts uses it.
 * Needs a system that starts files by their first line, so not Windows.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCommand } from './schema-engine/command.mjs';
import { schemaEngine } from './schema-engine/engine.mjs';
import { respondToRequests } from './schema-engine/requests.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    // Accepted because Prisma passes them; they concern other databases and preview features.
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
});
/** `{ url?, shadowDatabaseUrl? }`: Prisma passes what prisma.config.ts says, also when it says nothing. */
const datasource = values.datasource ? JSON.parse(values.datasource) : {};

if (positionals[0] === 'cli') {
  process.exit(await runCommand(positionals[1], datasource.url));
}
const datamodels =
  values.datamodels &&
  (await Promise.all(values.datamodels.map(async (path) => [path, await readFile(path, 'utf8')])));
await respondToRequests(schemaEngine(datasource, datamodels), datasource);
