// JavaScript, because Prisma runs it while the build generates code, before anything is compiled.
import { createDatabase, databaseOf, dropDatabase, execute } from './database.mjs';

/** Prisma's error codes for what `pg` reports; Prisma decides by them what it says and whether it creates a database. */
const ERROR_CODES = {
  '3D000': 'P1003',
  '28P01': 'P1000',
  28000: 'P1010',
  ECONNREFUSED: 'P1001',
  ENOTFOUND: 'P1001',
  ETIMEDOUT: 'P1002',
};

/** `schema-engine cli <command>`: what Prisma does outside of a session. Returns the exit status. */
export async function runCommand(command, url) {
  log('INFO', 'Starting schema engine CLI');
  try {
    const database = databaseOf(url);
    if (command === 'can-connect-to-database') await execute(url, 'SELECT 1');
    else if (command === 'create-database') await createDatabase(url, database);
    else if (command === 'drop-database') await dropDatabase(url, database);
    else
      throw new Error(
        `The command "${command}" is unknown to this engine; it was written for prisma 7.10.0.`,
      );
    log('INFO', 'Done');
    return 0;
  } catch (error) {
    const code = ERROR_CODES[error.code] ?? 'P1001';
    log('ERROR', error.message || `The database server did not answer (${error.code}).`, {
      error_code: code,
      is_panic: false,
      meta: {},
    });
    return 1;
  }
}

/** The log lines of the native engine, of which Prisma reads the last. */
function log(level, message, fields = {}) {
  const line = {
    timestamp: new Date().toISOString(),
    level,
    fields: { message, ...fields },
    target: 'schema_engine::logger',
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
