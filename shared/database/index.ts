/** Connections to PostgreSQL by kind of work, transactions, migrations and parts of statements. */
export { arrayOf } from './arrays.js';
export {
  fieldsOf,
  jsonRecordsOf,
  namesOf,
  omit,
  overwritesOf,
  pick,
  recordsOf,
  recordValues,
  type SelectedRow,
  selectionOf,
} from './columns.js';
export { digestOfFolder, REVISION_FILE, revisionOf } from './function-files.js';
export { heavyReadSlots, OtherRequest } from './heavy-read-slots.js';
export { idAt, idOfKey } from './ids.js';
export { listLoader, listsByKey, rowLoader } from './loaders.js';
export { databaseSources, migrate } from './migrate.js';
export { openPool } from './pool.js';
export { HeldSession, whenAvailable } from './reconnect.js';
export { runAlone, type StillAlone } from './run-alone.js';
export { closeSession, openSession } from './session.js';
export { anyOf, type Statement } from './statement.js';
export { inTransaction } from './transaction.js';
export { asHeavyRead, asWork, currentWork } from './work.js';
