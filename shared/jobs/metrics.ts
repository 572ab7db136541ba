import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import { asWork } from '../database/index.js';
import { countOpenJobs, type OpenJobCount } from './store.js';

export interface JobMetricsOptions {
  pool: Pool;
  /** Kinds that are shown although none of their jobs is open. */
  kinds: readonly string[];
  now: () => Date;
}

/**
 * Adds the number of open jobs and the age of the oldest to a registry, per kind, read from the database at every scrape. Both
 * count the jobs of all replicas. Without a database they have no values: `/readyz` reports that outage.
 */
export function observeJobs(registry: Registry, { pool, kinds, now }: JobMetricsOptions): void {
  let reading: Promise<OpenJobCount[]> | undefined;
  const read = () =>
    (reading ??= asWork({ kind: 'timer' }, () => countOpenJobs(pool, kinds))
      .catch(() => [])
      .finally(() => (reading = undefined)));
  const gauge = (name: string, help: string, value: (count: OpenJobCount) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['kind'],
      registers: [registry],
      async collect() {
        const counts = await read();
        this.reset();
        for (const count of counts) this.set({ kind: count.kind }, value(count));
      },
    });
  gauge('vierblatt_jobs_open', 'Jobs whose outcome is not recorded yet.', ({ open }) => open);
  gauge(
    'vierblatt_jobs_oldest_age_seconds',
    'Age of the oldest open job; 0 where none is open.',
    ({ oldestAt }) => (oldestAt ? Math.max(0, now().getTime() - oldestAt.getTime()) / 1_000 : 0),
  );
}
