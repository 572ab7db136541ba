import { pino } from 'pino';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import { SubgraphClient } from '../../../shared/subgraph-client/index.js';
import { openDatabase } from '../database/database.js';
import { jobsOn } from '../jobs.js';
import { TransferClock } from '../transfers/lifecycle/clock.js';
import type { PatientsWorld } from './patients-world.js';

/** Does at once what the subgraph's timers do every few seconds, as another process of it would. Throws what that logs. */
export async function tick(world: PatientsWorld): Promise<void> {
  const database = openDatabase(world.databases.patients.url);
  const mint = await tokenMint(world.dataFolder, 'patients');
  const capacity = new SubgraphClient('capacity', { url: world.capacityUrl, mint });
  try {
    const { now } = world.clock;
    const faults: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void faults.push(line) });
    const jobs = jobsOn({ database, capacity, now: () => now, log });
    const clock = new TransferClock(database, jobs.transfers, now);
    await clock.escalate();
    await clock.lapse();
    await jobs.transfers.runDue();
    await jobs.transfers.checkSlots(now);
    await jobs.allocations.purgeDiscarded();
    await jobs.allocations.runDue();
    if (faults.length > 0) throw new Error(faults.join());
  } finally {
    await database.close();
    await capacity.close();
  }
}

/** Lets the clock do its work until something is so; what the timer is at already is left to it. */
export async function tickUntil(world: PatientsWorld, isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await tick(world);
}
