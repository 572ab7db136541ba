import { patientsWorld, type PatientsWorld } from './patients-world.js';
import { statementLog, type StatementLog } from './statement-log.js';

/** A world, with a log of the statements that its subgraph sends to the database. */
export interface LoggedWorld {
  world: PatientsWorld;
  log: StatementLog;
  close(): Promise<void>;
}

export async function loggedWorld(): Promise<LoggedWorld> {
  let log: StatementLog | undefined;
  const world = await patientsWorld({
    through: async (url) => {
      log = await statementLog(url);
      return log.url;
    },
  });
  return {
    world,
    log: log!,
    close: async () => {
      await world.close();
      await log!.close();
    },
  };
}
