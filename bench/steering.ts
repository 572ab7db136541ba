import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { CrisisRoom, type Proposal } from '../demo/incident/steering/crisis-room.js';
import {
  placesAround,
  syntheticCasualties,
  type SyntheticCasualty,
} from '../demo/incident/steering/casualties.js';
import { scenes, type Scene } from '../demo/incident/scene.js';
import { controlRoomOf, type Ask } from '../demo/incident/speaking.js';
import { developmentToken, type Speaker } from '../demo/client/development-token.js';
import { GraphQLEndpoint } from '../demo/client/graphql-endpoint.js';
import { Hub } from '../demo/replay/hub.js';
import { traumaCentres } from '../demo/replay/trauma-centres.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import { patientsAboveLimits, type Told } from './nearest-fit.js';
import { say, type Figures } from './output.js';
import { processBelow } from './processor-time.js';
import { sized } from './shortened.js';

const CASUALTIES = sized([100, 1_000, 5_000, 10_000], [50]);
const PLACES = sized([1, 5, 20], [2]);
const ROUNDS = sized(3, 1);
const SEED = 7;
/** All of Germany from anywhere in it, so that every site is looked at. */
const RADIUS_KM = 1_000;
const CONNECTIONS = 8;
/** What the solver's time limit has to be for the hub to fall back to nearest fit. */
const NO_TIME = { solverMilliseconds: 0 };

/** Where casualties lie who have a position of their own: within so many degrees of the place of the incident. */
const SCATTERED_DEGREES = 0.4;
const SCATTERED = sized(1_000, 50);

const PAGE = 'pageInfo { hasNextPage endCursor }';
const REJECTED = 'rejected { facility { id } minutes code }';
/** What a plan gives houses against what they take, and what it says of each patient, list by list and page by page. */
const LISTS = {
  load: `nodes { facility { id } category assigned limit } ${PAGE}`,
  assignments: `nodes { category facility { id } minutes ${REJECTED} } ${PAGE}`,
  unallocated: `nodes { patient { category } ${REJECTED} } ${PAGE}`,
};

interface ListPage<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
interface House {
  facility: { id: string };
}
type LoadNode = House & { category: string; assigned: number; limit: number };
type Rejected = House & { minutes: number; code: string };
type AssignmentNode = House & { category: string; minutes: number; rejected: Rejected[] };
interface UnallocatedNode {
  patient: { category: string };
  rejected: Rejected[];
}

interface Planned {
  proposal: Proposal;
  seconds: number;
  /** Patients whom houses are given above what they take. */
  overloads: number;
}

/**
 * From asking for an allocation to having it, through the gateway, for more and more casualties at more and more places,
 * against all sites of Germany, with the alarm plan of every trauma centre active; beside it what nearest fit makes of the
 * same patients and houses, and how many patients houses would get above what they take if nobody knew of the others. The
 * last case has casualties with positions of their own.
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
    const scattered = await oneCase(running, ask, SCATTERED, 1, true);
    cases.push({ ...scattered, scattered: true });
    say(`${SCATTERED} scattered: ${JSON.stringify(scattered)}`);
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
  isScattered = false,
): Promise<Figures> {
  const places = placesAround(middleScene(), scenes(), placeCount);
  const planner = new Planner(ask, places[0]!.area);
  const { room } = planner;
  const name = `${count} casualties at ${placeCount} places`;
  const { incident, sections } = await room.declare(name, places, count);
  const casualties = syntheticCasualties(count, placeCount, SEED);
  if (isScattered) await room.register(incident, [], scatteredAround(places[0]!, casualties));
  else await room.register(incident, sections, casualties);

  const patients = processBelow(pid, 'subgraphs/patients/server.js');
  await planner.plan(incident); // warms up
  await forgetPeak(patients);
  const exact: Planned[] = [];
  for (let round = 0; round < ROUNDS; round += 1) exact.push(await planner.plan(incident));
  const peakMemoryMb = await peakOf(patients);
  const greedy = await planner.plan(incident, NO_TIME);
  const naiveOverloads = await planner.naiveOverloads(incident);

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
    naiveOverloads,
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
    const load = await this.#list<LoadNode>(proposal.id, 'load');
    await this.room.discard(proposal.id);
    const overloads = load.reduce((sum, one) => sum + Math.max(0, one.assigned - one.limit), 0);
    return { proposal, seconds, overloads };
  }

  /** Patients above the limits of houses if everybody went to the nearest suitable one. */
  async naiveOverloads(incident: string): Promise<number> {
    const proposal = await this.room.propose(incident, { wave: 1, radiusKm: RADIUS_KM });
    const { id } = proposal!;
    const load = await this.#list<LoadNode>(id, 'load');
    const assigned = await this.#list<AssignmentNode>(id, 'assignments');
    const left = await this.#list<UnallocatedNode>(id, 'unallocated');
    await this.room.discard(id);
    const named = (rejected: Rejected[]) =>
      rejected.map(({ facility, ...one }) => ({ ...one, facility: facility.id }));
    const told: Told[] = [
      ...assigned.map(({ facility, category, minutes, rejected }) => ({
        ...{ category, facility: facility.id, minutes, rejected: named(rejected) },
      })),
      ...left.map(({ patient: { category }, rejected }) => ({
        ...{ category, facility: null, minutes: 0, rejected: named(rejected) },
      })),
    ];
    const limits = new Map(
      load.map(({ facility, category, limit }) => [`${facility.id} ${category}`, limit] as const),
    );
    return patientsAboveLimits(told, limits);
  }

  async #list<Node>(plan: string, list: keyof typeof LISTS): Promise<Node[]> {
    const query = `query BenchPlan($plan: ID!, $after: String) {
      allocationPlan(id: $plan) { list: ${list}(first: 500, after: $after) { ${LISTS[list]} } } }`;
    const nodes: Node[] = [];
    let after: string | null = null;
    do {
      const variables = { plan, after };
      const answer: { allocationPlan: { list: ListPage<Node> } } = await this.#ask(
        this.#speaker,
        query,
        variables,
      );
      nodes.push(...answer.allocationPlan.list.nodes);
      const { pageInfo } = answer.allocationPlan.list;
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after !== null);
    return nodes;
  }
}

/** Casualties with positions of their own, evenly over a square around a place. */
function scatteredAround({ position }: Scene, casualties: readonly SyntheticCasualty[]) {
  const side = Math.ceil(Math.sqrt(casualties.length));
  const offset = (step: number) => ((2 * step) / side - 1) * SCATTERED_DEGREES;
  return casualties.map((casualty, n) => ({
    ...casualty,
    position: {
      latitude: position.latitude + offset(Math.floor(n / side)),
      longitude: position.longitude + offset(n % side),
    },
  }));
}

/** A Kreis in the middle of the list of all. The places of an incident lie around it: the hub takes none that is farther away. */
function middleScene(): Scene {
  const all = scenes();
  return all[Math.floor(all.length / 2)]!;
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
