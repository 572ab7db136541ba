import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { startGateway, type Gateway } from '../gateway/gateway.js';
import { SUBGRAPHS } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import type { Tracing } from '../shared/telemetry/index.js';
import type { PatientsWorld } from '../subgraphs/patients/testing/patients-world.js';

/** Nothing listens here. */
const NOWHERE = 'http://127.0.0.1:1/graphql';

/** Starts a gateway over the capacity and patients subgraphs of a world; all other subgraphs are unavailable. */
export function gatewayOf(world: PatientsWorld, tracing?: Tracing): Promise<Gateway> {
  return startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      dataFolder: world.dataFolder,
      drainSeconds: 0,
      oidcIssuer: undefined,
      oidcAudience: 'vierblatt',
      subgraphUrl: {
        ...Object.fromEntries(SUBGRAPHS.map((name) => [name, NOWHERE])),
        capacity: world.capacityUrl,
        patients: world.url,
      },
    },
    readFileSync(projectPath('gateway/supergraph.graphql'), 'utf8'),
    pino({ level: 'silent' }),
    tracing,
  );
}
