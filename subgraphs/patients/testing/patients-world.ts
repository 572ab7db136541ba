import type { Logger } from 'pino';
import { tokenMint } from '../../../shared/identity/internal-tokens.js';
import type { Tracing } from '../../../shared/telemetry/tracing.js';
import type { TestIdentity } from '../../../shared/testing/identity.js';
import { sharedWorld, subgraphWorld } from '../../../shared/testing/subgraph-world.js';
import { capacityWorld } from '../../capacity/testing/capacity-world.js';
import { startPatients } from '../patients.js';
import type { RmiList } from '../registry/patients/rules/pzc.js';

export type { GraphQLResponse } from '../../../shared/testing/graphql-response.js';
export { staffOf, type TestIdentity } from '../../../shared/testing/identity.js';

export const CONTROL_ROOM: TestIdentity = {
  role: 'dispatch',
  areas: [''],
  subject: 'control room',
};

interface PatientsWorldOptions {
  /** Returns the URL by which the patients subgraph reaches its database, for tests that listen on the line. */
  through?: (databaseUrl: string) => string | Promise<string>;
  /** The Rückmeldeindizes that are active. */
  rmiList?: RmiList;
  /** Where each of the two reports its spans. */
  tracing?: { capacity?: Tracing; patients?: Tracing };
  /** The log of both subgraphs. */
  log?: Logger;
}

/** A patients subgraph and the capacity subgraph that it calls, each on a database of its own, under one movable clock. */
export async function patientsWorld({
  through,
  rmiList,
  tracing = {},
  log,
}: PatientsWorldOptions = {}) {
  const shared = await sharedWorld();
  const common = { shared, ...(log && { log }) };
  const capacity = await capacityWorld({
    ...common,
    callers: ['patients', 'supply'],
    hasPeople: true,
    tracing: tracing.capacity,
  });
  const mint = await tokenMint(shared.dataFolder, 'patients');
  const patients = await subgraphWorld({
    ...common,
    name: 'patients',
    identity: CONTROL_ROOM,
    hasPeople: true,
    tracing: tracing.patients,
    ...(through && { through }),
    start: ({ callSecrets: identityKeys, ...server }) =>
      startPatients({
        ...server,
        identityKeys,
        capacity: { url: capacity.url, mint },
        rmiList,
        retentionDays: { patients: 90, audit: 730 },
      }),
  });

  return {
    ...patients,
    capacityUrl: capacity.url,
    databases: { capacity: { url: capacity.databaseUrl }, patients: { url: patients.databaseUrl } },
    identityKey: shared.callSecrets[0]!,
    /** Ends the capacity subgraph; `restartCapacity` brings it back on the same port and database. */
    stopCapacity: () => capacity.stop(),
    restartCapacity: () => capacity.restart(),
    /** Sends a request to the capacity subgraph. */
    requestCapacity: capacity.request,
    async close() {
      await patients.close();
      await capacity.close();
      await shared.remove();
    },
  };
}

export type PatientsWorld = Awaited<ReturnType<typeof patientsWorld>>;
