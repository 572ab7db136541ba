import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { CrisisRoom, type Proposal } from '../incident/steering/crisis-room.js';
import { syntheticCasualties } from '../incident/steering/casualties.js';
import { scenes, type Scene } from '../incident/scene.js';
import { controlRoomOf, type Ask } from '../incident/speaking.js';
import { developmentToken, type Speaker } from '../playing/development-token.js';
import { GraphQLEndpoint } from '../playing/graphql-endpoint.js';
import { Hub } from '../replay/hub.js';
import { traumaCentres } from '../replay/trauma-centres.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import { say, type Figures } from './output.js';
import { processBelow } from './processor-time.js';

const CASUALTIES = [100, 1_000, 5_000, 10_000];
const PLACES = [1, 5, 20];
const ROUNDS = 3;
const SEED = 7;
/** All of Germany from anywhere in it, so that every site is looked at. */
const RADIUS_KM = 1_000;
const CONNECTIONS = 8;
/** What the solver's time limit has to be for the hub to fall back to nearest fit. */
const NO_TIME = { solverMilliseconds: 0 };

/** What a plan gives houses against what they take, page by page. */
const LOAD = /* GraphQL */ `
  query BenchLoad($plan: ID!, $after: String) {
    allocationPlan(id: $plan) {
      load(first: 500, after: $after) {
        nodes {
          assigned
          limit
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

interface LoadPage {
  nodes: { assigned: number; limit: number }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

interface Planned {
  proposal: Proposal;
  seconds: number;
  /** Houses and categories given more than they take. */
  overloads: number;
}

/**
 * From asking for an allocation to having it, through the gateway, for more and more casualties at more and more places,
 * against all sites of Germany, with the alarm plan of every trauma centre active; beside it what nearest fit makes of the
 * same patients and houses.
 */
export async function steering(running: RunningHub): Promise<Figures> {
  const endpoint = new GraphQLEndpoint(running.url, CONNECTIONS, '');
  const dataFolder = running.environment['VIERBLATT_DATA']!;
  const ask: Ask = (speaker, query, variables) =>
    endpoint.ask(developmentToken(dataFolder, 'vierblatt', speaker), query, variables);
  try {
    const sites = await openHouses(running, ask);
    const cases: Figures[] = [];
    for (const casualties of CASUALTIES) {
      for (const places of PLACES) {
        const figures = await oneCase(running, ask, casualties, places);
        cases.push(figures);
        say(`${casualties} at ${places}: ${JSON.stringify(figures)}`);
      }
    }
    return { cases, sites, radiusKm: RADIUS_KM, rounds: ROUNDS };
  } finally {
    await endpoint.close();
  }
}

/** Activates the alarm plan of every trauma centre of the demonstration; returns how many sites there are. */
async function openHouses({ url, token }: RunningHub, ask: Ask): Promise<number> {
  const hub = new Hub(url, token);
  const [sites, kreise] = await Promise.all([hub.facilities(), hub.kreise()]);
  await hub.close();
  const left = traumaCentres(sites, kreise);
  const activate = async () => {
    for (let centre = left.pop(); centre; centre = left.pop()) await alarm(ask, centre.facility);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, activate));
  return sites.length;
}

async function alarm(ask: Ask, facility: string): Promise<void> {
  const staff: Speaker = { role: 'hospital', facilities: [facility], subject: 'bench' };
  const input = { facility, reason: 'Bench', idempotencyKey: randomUUID() };
  const { outcome } = await ask<{ outcome: { __typename: string } }>(
    staff,
    `mutation Bench($input: ActivateAlarmPlanInput!) { outcome: activateAlarmPlan(input: $input) { __typename } }`,
    { input },
  );
  if (outcome.__typename !== 'Facility') throw new Error(`No alarm plan: ${outcome.__typename}`);
}

async function oneCase(
  { pid }: RunningHub,
  ask: Ask,
  count: number,
  placeCount: number,
): Promise<Figures> {
  const places = spread(placeCount);
  const planner = new Planner(ask, places[0]!.area);
  const { room } = planner;
  const name = `${count} casualties at ${placeCount} places`;
  const { incident, sections } = await room.declare(name, places, count);
  await room.register(incident, sections, syntheticCasualties(count, placeCount, SEED));

  const patients = processBelow(pid, 'subgraphs/patients/server.js');
  await planner.plan(incident); // warms up
  await forgetPeak(patients);
  const exact: Planned[] = [];
  for (let round = 0; round < ROUNDS; round += 1) exact.push(await planner.plan(incident));
  const peakMemoryMb = await peakOf(patients);
  const greedy = await planner.plan(incident, NO_TIME);

  const { summary } = exact[0]!.proposal;
  const nearest = greedy.proposal.summary;
  const middle = (figure: (one: Planned) => number) => median(exact.map(figure));
  return {
    casualties: count,
    places: placeCount,
    proposalSeconds: rounded(
      middle(({ seconds }) => seconds),
      2,
    ),
    solverMilliseconds: rounded(middle(({ proposal }) => proposal.summary.solverMilliseconds)),
    optimalityGap: summary.optimalityGap,
    weightedMinutes: rounded(summary.weightedMinutes),
    greedyWeightedMinutes: rounded(nearest.weightedMinutes),
    peakMemoryMb,
    cost: rounded(summary.cost),
    greedyCost: rounded(nearest.cost),
    withoutPlace: count - summary.allocated,
    greedyWithoutPlace: count - nearest.allocated,
    overloads: exact[0]!.overloads,
    greedyOverloads: greedy.overloads,
    greedySeconds: rounded(greedy.seconds, 2),
  };
}

/** The control room of an area that has plans made, looks at them, and drops them. */
class Planner {
  readonly room: CrisisRoom;
  readonly #ask: Ask;
  readonly #speaker: Speaker;

  constructor(ask: Ask, area: string) {
    this.room = new CrisisRoom(ask, area);
    this.#ask = ask;
    this.#speaker = controlRoomOf(area);
  }

  async plan(incident: string, parameters = {}): Promise<Planned> {
    const start = performance.now();
    const wish = { wave: 1, radiusKm: RADIUS_KM };
    const proposal = await this.room.propose(incident, wish, parameters);
    const seconds = (performance.now() - start) / 1000;
    if (!proposal) throw new Error('The hub finds nobody to allocate.');
    const overloads = await this.#overloads(proposal.id);
    await this.room.discard(proposal.id);
    return { proposal, seconds, overloads };
  }

  async #overloads(plan: string): Promise<number> {
    let overloads = 0;
    let after: string | null = null;
    do {
      const variables = { plan, after };
      const answer: { allocationPlan: { load: LoadPage } } = await this.#ask(
        this.#speaker,
        LOAD,
        variables,
      );
      const { nodes, pageInfo } = answer.allocationPlan.load;
      overloads += nodes.filter(({ assigned, limit }) => assigned > limit).length;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    return overloads;
  }
}

/** Places over all of Germany, evenly over the list of its Kreise. */
function spread(count: number): Scene[] {
  const all = scenes();
  return Array.from(
    { length: count },
    (_, n) => all[Math.floor(((n + 0.5) * all.length) / count)]!,
  );
}

/** Makes Linux count the peak of a process's memory anew. */
async function forgetPeak(pid: number | undefined): Promise<void> {
  if (pid !== undefined) await writeFile(`/proc/${pid}/clear_refs`, '5');
}

async function peakOf(pid: number | undefined): Promise<number | null> {
  if (pid === undefined) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}
