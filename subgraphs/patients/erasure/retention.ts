import type { Pool, PoolClient } from 'pg';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '../../../shared/database/index.js';
import { AT_ONCE, deleteExpiredText, repeat } from '../../../shared/personal-data/index.js';
import { DAY_MS } from '../../../shared/time/rules.js';
import { forgetPlanReasons } from '../allocation/index.js';
import { forgetEntries, NO_DETAIL, type Reading, storeEntries } from '../audit/index.js';
import { CLOCK } from '../transfers/index.js';
import type { Database } from '../database/database.js';
import { erase } from './erase.js';
import { patientsOfFacilities, patientsOfIncidents } from './store-due.js';
import { TEXT_COLUMNS } from './text-columns.js';

/** Days for which personal data are kept; see docs/data-protection.md for the grounds. */
export interface RetentionDays {
  /** After the incident was closed; without an incident after the registration. */
  patients: number;
  /** Entries of the audit, at least 366. */
  audit: number;
}

/**
 * Removes data whose retention has ended. Several replicas can run it at once: each locks rows that no other has locked. The work
 * of one run is bounded, so that nobody waits for it.
 */
export class Retention {
  readonly #db: Pool;
  readonly #days: RetentionDays;
  readonly #now: Date;

  constructor({ pool }: Database, days: RetentionDays, now: Date) {
    this.#db = pool;
    this.#days = days;
    this.#now = now;
  }

  async run(): Promise<void> {
    const before = this.#daysAgo(this.#days.patients);
    for (const find of [patientsOfIncidents, patientsOfFacilities]) {
      await repeat(() =>
        inTransaction(this.#db, async (db) => this.#erase(db, await find(db, before, AT_ONCE))),
      );
    }
    await deleteExpiredText(this.#db, TEXT_COLUMNS, before);
    await forgetPlanReasons(this.#db, before);
    await forgetEntries(this.#db, this.#daysAgo(this.#days.audit));
  }

  async #erase(db: PoolClient, patients: string[]): Promise<number> {
    if (patients.length === 0) return 0;
    const reading: Reading = {
      ...NO_DETAIL,
      action: 'ERASE',
      purpose: 'STATED',
      found: true,
      patients,
      count: patients.length,
      roles: [],
      areas: [],
      facilities: [],
    };
    const reader = { id: randomUUID(), by: CLOCK, operation: 'retention' };
    await storeEntries(db, [{ reading, readers: [reader] }], this.#now);
    await erase(db, patients, this.#now);
    return patients.length;
  }

  #daysAgo(days: number): Date {
    return new Date(this.#now.getTime() - days * DAY_MS);
  }
}
