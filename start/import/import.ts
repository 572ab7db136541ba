/** `npm run import:medicines -- FILE` and `npm run import:notices -- FILE`: bring a list into the database of the supply subgraph. */
import { readFileSync } from 'node:fs';
import { openPool } from '../../shared/database/index.js';
import { readSettings, SettingsError } from '../../shared/env.js';
import { importMedicines } from '../../subgraphs/supply/items/index.js';
import { importShortageNotices } from '../../subgraphs/supply/shortage-notices/index.js';
import { StartRefusal } from '../host/refusal.js';
import { supplyDatabaseUrl } from './database-url.js';
import { type ImportRequest, readImportRequest } from './import-request.js';

try {
  const request = readImportRequest(process.argv.slice(2));
  const bytes = contentOf(request.file);
  const pool = openPool(await supplyDatabaseUrl(readSettings()));
  try {
    const outcome = await importInto(pool, request, bytes);
    if ('fault' in outcome) throw new StartRefusal(`${outcome.fault} Nothing was changed.`);
    console.log(JSON.stringify(outcome));
  } finally {
    await pool.end();
  }
} catch (error) {
  if (!(error instanceof StartRefusal || error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function importInto(
  pool: ReturnType<typeof openPool>,
  { list, acceptsRemovals }: ImportRequest,
  bytes: Uint8Array,
) {
  if (list === 'medicines') return importMedicines(pool, bytes);
  return importShortageNotices(pool, bytes, { acceptsRemovals });
}

function contentOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartRefusal(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
