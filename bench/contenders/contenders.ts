import { once } from 'node:events';
import { USUAL_BATCH_SIZE } from '../../shared/env.js';
import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import { freePort } from '../../start/host/free-port.js';
import { install, peerPath } from '../peers/installed.js';
import type { Contender, Ground, Start } from './contender.js';
import type { OurSettings } from './our-gateway.js';
import { forked, spawned } from './processes.js';

const OUR_PROGRAM = new URL('./our-gateway.js', import.meta.url);

/** The gateway as the hub runs it, unless batches are switched off. */
export const ours =
  ({ batchSize } = { batchSize: USUAL_BATCH_SIZE }): Start =>
  async ({ folder, subgraphUrl, supergraph }) => {
    const port = await freePort();
    const settings: OurSettings = {
      port,
      dataFolder: folder,
      supergraph: supergraph.withRights,
      subgraphUrl,
      batchSize,
    };
    return responding(port, forked(OUR_PROGRAM, settings));
  };

export const stock: Start = async ({ supergraph }) => {
  await install('stock');
  const port = await freePort();
  const settings = JSON.stringify({ port, supergraph: supergraph.plain });
  return responding(port, spawned(peerPath('stock'), ['server.mjs', settings]));
};

export const mercurius: Start = async ({ subgraphUrl }) => {
  await install('mercurius');
  const port = await freePort();
  const settings = JSON.stringify({ port, subgraphUrl });
  return responding(port, spawned(peerPath('mercurius'), ['server.mjs', settings]));
};

const hiveWith =
  (...options: string[]): Start =>
  async ({ supergraph }) => {
    await install('hive');
    const port = await freePort();
    const program = 'node_modules/@graphql-hive/gateway/dist/bin.js';
    const where = ['-c', 'gateway.config.mjs', '-p', String(port), '--host', '127.0.0.1'];
    const args = [program, 'supergraph', supergraph.plain, ...where, ...options];
    return responding(port, spawned(peerPath('hive'), args));
  };

export const hive = hiveWith();
export const hiveRouter = hiveWith('--hive-router-runtime');

/** One caller, or many whose claims all differ, so that nothing may be shared between them. */
export function tokens({ folder }: Ground, callers: number, subjects = callers): Promise<string[]> {
  return Promise.all(
    Array.from({ length: Math.max(callers, subjects) }, (_, index) =>
      issueDevelopmentToken(folder, 'vierblatt', {
        role: 'crisis-staff',
        areas: ['05'],
        facilities: [`facility-${index % callers}`],
        subject: `caller-${index}`,
        ttl: 7_200,
      }),
    ),
  );
}

async function responding(port: number, process: Contender['process']): Promise<Contender> {
  const endpoint = `http://127.0.0.1:${port}/graphql`;
  let hasEnded = false;
  void once(process, 'exit').then(() => (hasEnded = true));
  for (;;) {
    if (hasEnded) throw new Error('A gateway ended before it responded; see above.');
    if (await responds(endpoint)) return { endpoint, process };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function responds(endpoint: string): Promise<boolean> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  };
  const response = await fetch(endpoint, request).catch(() => undefined);
  return (await response?.text())?.includes('"Query"') ?? false;
}
