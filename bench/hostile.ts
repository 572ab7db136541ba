import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { INTROSPECTION } from '../gateway/limits/cost.js';
import { FEES, limitsWith } from '../gateway/limits/limits.js';
import type { RunningHub } from '../tests/running-hub.js';
import { attack } from './attack.js';
import { median, quantile, rounded } from './figures.js';
import { SituationOfLandDocument } from './generated/operations.js';
import { hostileBodies, KINDS } from './hostile-operations.js';
import { say, type Figures } from './output.js';
import { processBelow, processorSeconds } from './processor-time.js';
import { sized } from './shortened.js';

const OPERATIONS = sized(10_000, 400);
/**
 * Each with a token and a limit of its own: enough that the run ends within minutes, and not a multiple of the
 * number of kinds, so that each sends all of them.
 */
const ATTACKERS = 49;
const ROUNDS = sized(5, 1);
const BEHAVED_EVERY_MS = 20;

/** The average cost of the kinds: the schema is given and paid for, everything else is refused. */
const COST_OF_ONE =
  FEES.request +
  FEES.unknownText +
  (INTROSPECTION + FEES.refusal * (KINDS.length - 1)) / KINDS.length;
/** Hostile operations a second that one caller's budget pays for; everything else that it sends is refused with 429. */
const PAID_PER_SECOND = limitsWith().costPerMinute / COST_OF_ONE / 60;

interface Round {
  /** Of one processor, for the gateway. */
  share: number;
  p99: number;
  statuses: Map<number, number>;
}

/**
 * Ten thousand hostile operations from several callers, each as fast as its own budget admits, while a well-behaved
 * caller sends at a steady pace. Rounds with and without hostile operations alternate, so that both see the same machine. Then
 * the attack with operations that are admitted, see `attack`.
 */
export async function hostile(hub: RunningHub): Promise<Figures> {
  const { origin, pathname } = new URL(hub.url);
  const pool = new Pool(origin, { connections: 64 });
  const send = async (token: string, body: string) => {
    const response = await pool.request({
      method: 'POST',
      path: pathname,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    await response.body.dump();
    return response.statusCode;
  };
  const tokens = await Promise.all(
    Array.from({ length: ATTACKERS }, (_, number) => tokenOf(hub, `attacker-${number}`)),
  );
  const calm = await tokenOf(hub, 'calm');
  try {
    say('Warming up.');
    await round(hub, send, calm, tokens, 200, ATTACKERS);
    const quiet: Round[] = [];
    const attacked: Round[] = [];
    const rate = PAID_PER_SECOND * ATTACKERS;
    const perRound = OPERATIONS / ROUNDS;
    for (let number = 1; number <= ROUNDS; number++) {
      quiet.push(await round(hub, send, calm, [], perRound, rate));
      attacked.push(await round(hub, send, calm, tokens, perRound, rate));
      const [without, during] = [quiet.at(-1)!, attacked.at(-1)!];
      say(
        `Round ${number} of ${ROUNDS}: p99 ${rounded(without.p99, 1)} ms, attacked ${rounded(during.p99, 1)} ms; processor ${rounded(without.share, 3)}, attacked ${rounded(during.share, 3)}.`,
      );
    }
    const of = (rounds: Round[], figure: 'share' | 'p99') =>
      median(rounds.map((one) => one[figure]));
    const share = of(attacked, 'share') - of(quiet, 'share');
    const statuses = new Map<number, number>();
    for (const { statuses: some } of attacked) {
      for (const [status, count] of some) statuses.set(status, (statuses.get(status) ?? 0) + count);
    }
    return {
      processorSharePerCallerAtLimit: rounded(share / ATTACKERS, 4),
      gatewayShareQuiet: rounded(of(quiet, 'share'), 3),
      gatewayShareAttacked: rounded(of(attacked, 'share'), 3),
      p99FactorRefused: rounded(of(attacked, 'p99') / of(quiet, 'p99'), 2),
      p99Quiet: rounded(of(quiet, 'p99'), 1),
      p99Attacked: rounded(of(attacked, 'p99'), 1),
      processorMsPerOperation: rounded((share / rate) * 1000, 3),
      operations: OPERATIONS,
      operationsPerSecond: rounded(rate, 1),
      operationsPerSecondAndCaller: rounded(PAID_PER_SECOND, 2),
      callersAtLimit: ATTACKERS,
      kinds: KINDS,
      statuses: Object.fromEntries(statuses),
      ...(await attack(hub)),
    };
  } finally {
    await pool.close();
  }
}

/** Without attackers the round lasts as long as with them. */
async function round(
  hub: RunningHub,
  send: (token: string, body: string) => Promise<number>,
  calm: string,
  attackers: readonly string[],
  operations: number,
  perSecond: number,
): Promise<Round> {
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  const bodies = hostileBodies(operations);
  const gateway = processBelow(hub.pid, 'gateway/server.js');
  const processes = gateway === undefined ? [hub.pid] : [gateway];
  const before = processorSeconds(processes);
  const start = performance.now();
  const end = start + (operations * 1000) / perSecond;

  const behave = async () => {
    const body = JSON.stringify({ query: SituationOfLandDocument.toString() });
    for (let due = start; due < end; due += BEHAVED_EVERY_MS) {
      await until(due);
      const sentAt = performance.now();
      const status = await send(calm, body);
      if (status !== 200) throw new Error(`The well-behaved caller got ${status}.`);
      latencies.push(performance.now() - sentAt);
    }
  };
  const attack = async () => {
    const pending: Promise<unknown>[] = [];
    for (let number = 0; number < operations; number++) {
      await until(start + (number * 1000) / perSecond);
      const status = send(attackers[number % attackers.length]!, bodies[number]!);
      pending.push(status.then((code) => statuses.set(code, (statuses.get(code) ?? 0) + 1)));
    }
    await Promise.all(pending);
  };
  await Promise.all([behave(), ...(attackers.length > 0 ? [attack()] : [])]);
  const seconds = (performance.now() - start) / 1000;
  const after = processorSeconds(processes);
  const share =
    before === undefined || after === undefined ? Number.NaN : (after - before) / seconds;
  return { share, p99: quantile(latencies, 0.99), statuses };
}

async function until(instant: number): Promise<void> {
  const wait = instant - performance.now();
  if (wait > 0) await delay(wait);
}

function tokenOf({ environment }: RunningHub, subject: string): Promise<string> {
  return issueDevelopmentToken(environment['VIERBLATT_DATA']!, 'vierblatt', {
    role: 'crisis-staff',
    areas: [''],
    facilities: [],
    ttl: 3600,
    subject,
  });
}
