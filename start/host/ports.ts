import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listenAddress, SUBGRAPHS, type Settings } from '../../shared/env.js';
import { listenProblem } from './free-port.js';
import { StartRefusal } from './refusal.js';
import { backoff } from './waiting.js';

/** An address on which one of the processes will listen. */
export interface Address {
  /** The process that listens there. */
  name: string;
  host: string;
  port: number;
  /** The advice to the user when it is not free. */
  remedy: string;
}

/** The processes of a killed start end by themselves, but may hold their ports for a moment. */
const GRACE_MS = 3000;

const EXAMPLE = 'http://127.0.0.1:14001/graphql';

export function addressesOf(settings: Settings): Address[] {
  const { host, port } = settings;
  return [
    { name: 'gateway', host, port, remedy: 'set PORT to another number' },
    ...SUBGRAPHS.map((name) => ({
      name,
      ...listenAddress(settings, name),
      remedy: `set PORT, or ${name.toUpperCase()}_URL to an address such as ${EXAMPLE}`,
    })),
  ];
}

/** Throws StartRefusal unless every address can be listened on. */
export async function requireFree(addresses: Address[]): Promise<void> {
  for (const [index, address] of addresses.entries()) {
    const rival = addresses.slice(0, index).find((other) => other.port === address.port);
    if (rival) throw refusal(address, `is that of the ${rival.name} too`);
  }
  await Promise.all(addresses.map(requireFreeSoon));
}

async function requireFreeSoon(address: Address): Promise<void> {
  const giveUpAt = Date.now() + GRACE_MS;
  for (const wait of backoff(250)) {
    const problem = await listenProblem(address.host, address.port);
    if (!problem) return;
    if (problem !== 'EADDRINUSE') throw refusal(address, `cannot be listened on (${problem})`);
    if (Date.now() > giveUpAt) throw refusal(address, 'is in use by another program');
    await delay(wait);
  }
}

function refusal({ name, host, port, remedy }: Address, problem: string): StartRefusal {
  const address = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
  return new StartRefusal(
    `Port ${port} for the ${name} (${address}) ${problem}. Free it, or ${remedy}.`,
  );
}
