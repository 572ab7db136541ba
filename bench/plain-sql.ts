import pg from 'pg';
import type { CapacityReport } from '../demo/replay/hub.js';
import { databaseSources, migrate } from '../shared/database/migrate.js';
import { DAY_MS } from '../shared/time/rules.js';
import { REPORTS_PER_CALL } from './reports.js';
import type { RunningHub } from '../tests/running-hub.js';

const DATABASE = 'bench_plain_sql';

/**
 * The peer: a program that holds valid reports and writes them by `pg` into the same tables (same migrations, triggers
 * on, same server), history, present state and outbox, one transaction and multi-row inserts per 1,000 reports.
 */
export class PlainSql {
  readonly #pool: pg.Pool;
  readonly #areas: Map<string, string>;
  readonly #connections: number;

  private constructor(pool: pg.Pool, areas: Map<string, string>, connections: number) {
    this.#pool = pool;
    this.#areas = areas;
    this.#connections = connections;
  }

  static async open(hub: RunningHub, connections: number): Promise<PlainSql> {
    await once(hub.databaseUrl('postgres'), (db) => db.query(`CREATE DATABASE ${DATABASE}`));
    const url = hub.databaseUrl(DATABASE);
    await migrate(url, databaseSources('capacity'));
    const facilities = await once(hub.databaseUrl('capacity'), async (db) => {
      const { rows } = await db.query<{ facility: { id: string; area: string } }>(
        'SELECT to_json(f) AS facility FROM facility f',
      );
      return rows.map(({ facility }) => facility);
    });
    await once(url, (db) => copyFacilities(db, facilities));
    const areas = new Map(facilities.map(({ id, area }) => [id, area]));
    return new PlainSql(
      new pg.Pool({ connectionString: url, max: connections }),
      areas,
      connections,
    );
  }

  async store(reports: readonly CapacityReport[]): Promise<void> {
    const calls: CapacityReport[][] = [];
    for (let start = 0; start < reports.length; start += REPORTS_PER_CALL) {
      calls.push(reports.slice(start, start + REPORTS_PER_CALL));
    }
    const storeRest = async () => {
      for (let batch = calls.pop(); batch; batch = calls.pop()) await this.#storeBatch(batch);
    };
    await Promise.all(Array.from({ length: this.#connections }, storeRest));
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #storeBatch(reports: readonly CapacityReport[]): Promise<void> {
    const now = new Date();
    const staleAt = new Date(now.getTime() + DAY_MS);
    // Postgres wants a text for an array of an enum; all else goes as it is.
    const history = reports.map((report) => [
      report.facility,
      report.category,
      report.source,
      report.observedAt,
      report.method,
      report.operable,
      report.occupied,
      report.blocked,
      report.status,
      `{${report.limitations.join()}}`,
      now,
    ]);
    const present = history.map((row) => [...row, 'OWN', false, staleAt]);
    const events = reports.map(({ facility, category }) => [
      'capacity.beds-reported',
      facility,
      this.#areas.get(facility),
      `{${category}}`,
      now,
    ]);
    const db = await this.#pool.connect();
    try {
      await db.query('BEGIN');
      await db.query(
        `INSERT INTO bed_report (${HISTORY}) VALUES ${placeholders(history)}`,
        history.flat(),
      );
      await db.query(
        `INSERT INTO bed (${HISTORY}, tier, late, stale_at) VALUES ${placeholders(present)} ${REPLACE_OLDER}`,
        present.flat(),
      );
      const batch = await db.query<{ batch: string }>('SELECT outbox_batch() AS batch');
      await db.query(
        `INSERT INTO outbox_event (batch, topic, entity, area, tags, at) VALUES ${placeholders(events, batch.rows[0]!.batch)}`,
        events.flat(),
      );
      await db.query('COMMIT');
      db.release();
    } catch (error) {
      db.release(true);
      throw error;
    }
  }
}

const HISTORY =
  'facility_id, category, source, observed_at, method, operable, occupied, blocked, status, limitations, received_at';

const REPLACED = [
  'source',
  'observed_at',
  'method',
  'operable',
  'occupied',
  'blocked',
  'status',
  'limitations',
]
  .concat(['received_at', 'late', 'stale_at', 'staleness_told'])
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');
const REPLACE_OLDER = `ON CONFLICT (facility_id, category, tier) DO UPDATE SET ${REPLACED} WHERE bed.observed_at < excluded.observed_at`;

/** `($1,$2),($3,$4)` for rows of two values; `first` stands before them in every row. */
function placeholders(rows: readonly unknown[][], first?: string): string {
  let parameter = 0;
  return rows
    .map(
      (row) =>
        `(${[...(first === undefined ? [] : [first]), ...row.map(() => `$${++parameter}`)].join()})`,
    )
    .join();
}

/** Copies the facilities alone: what their rows refer to, such as declarations, is not needed to write reports. */
async function copyFacilities(db: pg.Client, facilities: readonly object[]): Promise<void> {
  await db.query('SET session_replication_role = replica');
  await db.query('INSERT INTO facility SELECT * FROM json_populate_recordset(NULL::facility, $1)', [
    JSON.stringify(facilities),
  ]);
}

async function once<R>(url: string, work: (db: pg.Client) => Promise<R>): Promise<R> {
  const db = new pg.Client(url);
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}
