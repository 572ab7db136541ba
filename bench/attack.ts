import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Pool } from 'undici';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { Hub } from '../demo/replay/hub.js';
import type { RunningHub } from '../tests/running-hub.js';
import { attackBody, SlowBodies } from './attack-operations.js';
import { median, quantile, rounded } from './figures.js';
import { ProbeSearchDocument, ReserveBedsDocument } from './generated/operations.js';
import { say, type Figures } from './output.js';
import { processorSeconds } from './processor-time.js';
import { giveBack } from './reservations.js';
import { withManyBeds } from './reserve.js';
import { benchSeconds, sized } from './shortened.js';

/** Attackers, and as many well-behaved callers in their stead. */
const CALLERS = 8;
const ROUNDS = sized(5, 1);
const USUAL_SECONDS = sized(12, 3);
const PROBE_EVERY_MS = 50;
const BEHAVED_EVERY_MS = 250;
const ATTACK_EVERY_MS = 100;
/** Of each attacker. */
const SLOW_BODIES = 20;
/** One in this number of attacks disconnects at once; not a multiple of the number of attacks, so that each does. */
const LEAVES_EVERY = 7;
const LEAVES_AFTER_MS = 30;

interface Round {
  places: number[];
  reservations: number[];
  /** Of all processes of the hub and its database server, in processors; undefined where nobody says. */
  share?: number;
}

/** Sends a body and returns the status of the response; 0 when the sender disconnected before. */
type Send = (token: string, body: string, leaveAfterMs?: number) => Promise<number>;

/**
 * Measures what eight attackers cost well-behaved callers: the latency of a search for facilities near a point and of a
 * reservation, beside rounds with eight well-behaved callers instead of the attackers. No probe is like another, so none shares
 * an earlier response.
 */
export async function attack(hub: RunningHub): Promise<Figures> {
  const { origin, pathname } = new URL(hub.url);
  // Of their own, as other clients have: attacks that wait must not keep a probe from being sent.
  const pools = { ours: new Pool(origin), attackers: new Pool(origin) };
  const send = sender(pools.ours, pathname);
  const sendAttack = sender(pools.attackers, pathname);
  const replay = new Hub(hub.url, hub.token);
  const db = new pg.Client(hub.databaseUrl('capacity'));
  await db.connect();
  const slowBodies = new SlowBodies(origin, pathname);
  const statuses = new Map<number, number>();
  try {
    const facilities = (await replay.facilities()).map(({ id }) => id);
    const refusals = await replay.report(facilities.map(withManyBeds));
    if (refusals.length > 0) throw new Error(`The hub refused a report: ${refusals[0]}`);
    const named = (name: string, role: string) =>
      Promise.all(Array.from({ length: CALLERS }, (_, n) => tokenOf(hub, `${name}-${n}`, role)));
    const probing = await named('prober', 'dispatch');
    const behaved = await named('behaved', 'dispatch');
    const attackers = await named('count-attacker', 'supplier');

    const probe = prober(send, facilities);
    const behave = () => steadily(behaved, BEHAVED_EVERY_MS, (token) => probe(token, undefined));
    const harm = async () => {
      for (const token of attackers) slowBodies.open(token, SLOW_BODIES);
      let number = 0;
      await steadily(attackers, ATTACK_EVERY_MS, async (token) => {
        const leaveAfter = ++number % LEAVES_EVERY === 0 ? LEAVES_AFTER_MS : undefined;
        const status = await sendAttack(token, attackBody(number), leaveAfter);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
    };
    say('Warming up.');
    const round = (others: () => Promise<void>) => oneRound(hub, probing, probe, others);
    await round(behave);
    const rounds = { behaved: [] as Round[], attacked: [] as Round[] };
    for (let number = 1; number <= ROUNDS; number++) {
      rounds.behaved.push(await round(behave));
      rounds.attacked.push(await round(harm));
      const [before, during] = [rounds.behaved.at(-1)!, rounds.attacked.at(-1)!];
      say(
        `Round ${number} of ${ROUNDS}: p99 of searches ${rounded(p99(before.places), 1)} ms, attacked ${rounded(p99(during.places), 1)} ms; of reservations ${rounded(p99(before.reservations), 1)} ms, attacked ${rounded(p99(during.reservations), 1)} ms.`,
      );
    }
    await giveBack(db);
    return {
      ...figuresOf(rounds),
      longestQueue: await longestQueue(origin),
      slowBodies: await slowBodies.outcome(),
      attackStatuses: Object.fromEntries(statuses),
    };
  } finally {
    slowBodies.close();
    await Promise.all([pools.ours.close(), pools.attackers.close(), replay.close(), db.end()]);
  }
}

function figuresOf({ behaved, attacked }: Record<'behaved' | 'attacked', Round[]>): Figures {
  const all = (round: Round) => [...round.places, ...round.reservations];
  const middle = (rounds: Round[], of: (one: Round) => number[]) =>
    median(rounds.map((one) => p99(of(one))));
  const factor = (of: (one: Round) => number[]) =>
    rounded(middle(attacked, of) / middle(behaved, of), 2);
  return {
    p99Factor: factor(all),
    p99FactorPlaces: factor((round) => round.places),
    p99FactorReservations: factor(({ reservations }) => reservations),
    p99WellBehaved: rounded(middle(behaved, all), 1),
    p99Attackers: rounded(middle(attacked, all), 1),
    processorsBehaved: rounded(median(behaved.map(({ share = Number.NaN }) => share)), 2),
    processorsAttacked: rounded(median(attacked.map(({ share = Number.NaN }) => share)), 2),
    attackers: CALLERS,
    attacksPerSecond: (CALLERS * 1_000) / ATTACK_EVERY_MS,
    rounds: ROUNDS,
  };
}

type Probe = (token: string, latencies: Round | undefined) => Promise<void>;

function prober(send: Send, facilities: readonly string[]): Probe {
  let number = 0;
  return async (token, latencies) => {
    const isSearch = number++ % 2 === 0;
    const body = isSearch
      ? search(number)
      : reservation(facilities[(number * 7_919) % facilities.length]!);
    const sentAt = performance.now();
    const status = await send(token, body);
    if (status !== 200) throw new Error(`A well-behaved caller got ${status}.`);
    latencies?.[isSearch ? 'places' : 'reservations'].push(performance.now() - sentAt);
  };
}

function search(number: number): string {
  const near = {
    latitude: 48 + Math.random() * 6,
    longitude: 7 + Math.random() * 6,
    km: 50 + (number % 7),
  };
  return JSON.stringify({ query: ProbeSearchDocument.toString(), variables: { near } });
}

function reservation(facility: string): string {
  const items = [{ facility, category: 'ICU_UNSPECIFIED' }];
  const input = { items, kind: 'PRIMARY', idempotencyKey: randomUUID() };
  return JSON.stringify({ query: ReserveBedsDocument.toString(), variables: { input } });
}

/** Alternates between the probing callers, so that none of them spends its budget, while the others send their requests. */
async function oneRound(
  { pid, postmaster }: RunningHub,
  tokens: readonly string[],
  probe: Probe,
  others: () => Promise<void>,
): Promise<Round> {
  const latencies: Round = { places: [], reservations: [] };
  const before = processorSeconds([pid, postmaster]);
  const start = performance.now();
  const probes = steadily(tokens, PROBE_EVERY_MS * tokens.length, (token) =>
    probe(token, latencies),
  );
  await Promise.all([probes, others()]);
  const seconds = (performance.now() - start) / 1000;
  const after = processorSeconds([pid, postmaster]);
  if (before === undefined || after === undefined) return latencies;
  return { ...latencies, share: (after - before) / seconds };
}

/** Each caller begins with the next at its time, whether the last has ended or not. */
async function steadily(
  callers: readonly string[],
  everyMs: number,
  act: (token: string) => Promise<void>,
): Promise<void> {
  const roundMs = benchSeconds(USUAL_SECONDS) * 1_000;
  const start = performance.now();
  const acts: Promise<void>[] = [];
  for (let n = 0; (n * everyMs) / callers.length < roundMs; n++) {
    const wait = start + (n * everyMs) / callers.length - performance.now();
    if (wait > 0) await delay(wait);
    const started = act(callers[n % callers.length]!);
    // A failure is thrown below, when all have begun, and is nobody's to handle before.
    started.catch(() => undefined);
    acts.push(started);
  }
  await Promise.all(acts);
}

function sender(pool: Pool, path: string): Send {
  return async (token, body, leaveAfterMs) => {
    const leaving = leaveAfterMs === undefined ? undefined : AbortSignal.timeout(leaveAfterMs);
    try {
      const response = await pool.request({
        method: 'POST',
        path,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
        ...(leaving ? { signal: leaving } : {}),
      });
      await response.body.dump();
      return response.statusCode;
    } catch (error) {
      if (leaving?.aborted) return 0;
      throw error;
    }
  };
}

async function longestQueue(origin: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^vierblatt_longest_caller_queue (\d+)$/m.exec(text)?.[1]);
}

function p99(latencies: readonly number[]): number {
  return quantile([...latencies], 0.99);
}

function tokenOf({ environment }: RunningHub, subject: string, role: string): Promise<string> {
  return issueDevelopmentToken(environment['VIERBLATT_DATA']!, 'vierblatt', {
    role,
    areas: [''],
    facilities: [],
    ttl: 3600,
    subject,
  });
}
