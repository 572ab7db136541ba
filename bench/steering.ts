import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { developmentTokens, type Caller } from '../demo/client/caller.js';
import { HubClient } from '../demo/client/hub-client.js';
import type { AllocationParametersInput } from '../demo/incident/generated/operations.js';
import { controlRoomOf, type SendAs } from '../demo/client/requests.js';
import { scenes, type Scene } from '../demo/client/scene.js';
import {
  Allocations,
  type LocatedCasualty,
  type Proposal,
} from '../demo/incident/steering/allocations.js';
import { scenesAround, syntheticCasualties } from '../demo/incident/steering/casualties.js';
import { Hub } from '../demo/replay/hub.js';
import { traumaCentres } from '../demo/replay/trauma-centres.js';
import { allNodes, type Page } from '../shared/graphql-client/pages.js';
import type { TypedDocument } from '../shared/graphql-client/typed-document.js';
import type { RunningHub } from '../tests/running-hub.js';
import { median, rounded } from './figures.js';
import {
  ActivateAlarmPlanDocument,
  PlanAssignmentsDocument,
  PlanLoadDocument,
  PlanUnallocatedDocument,
  type PlanAssignmentsQuery,
} from './generated/operations.js';
import { patientsAboveLimits, type PlanEntry } from './nearest-fit.js';
import { say, type Figures } from './output.js';
import { processBelow } from './processor-time.js';
import { sized } from './shortened.js';

const CASUALTIES = sized([100, 1_000, 5_000, 10_000], [50]);
const SCENES = sized([1, 5, 20], [2]);
const ROUNDS = sized(3, 1);
const SEED = 7;
/** All of Germany from anywhere in it, so that the plan considers every site. */
const RADIUS_KM = 1_000;
const CONNECTIONS = 8;
/** The time limit of the solver with which the hub uses nearest fit. */
const NO_TIME = { solverMilliseconds: 0 };

/** Distance from the scene, in degrees, of casualties with a position of their own. */
const SCATTERED_DEGREES = 0.4;
const SCATTERED = sized(1_000, 50);

type Rejections = NonNullable<
  PlanAssignmentsQuery['allocationPlan']
>['assignments']['nodes'][number]['rejected'];

interface MeasuredPlan {
  proposal: Proposal;
  seconds: number;
  /** Patients above the limits of the facilities. */
  overloads: number;
}

/**
 * Measures the time from the request for an allocation to the response, through the gateway, for more and more casualties at
 * more and more scenes, against all sites of Germany, with the alarm plan of every trauma centre active. Compares the result
 * with nearest fit for the same patients and facilities, and with the overloads if every patient went to the nearest suitable
 * facility. The last case has casualties with positions of their own.
 */
export async function steering(running: RunningHub): Promise<Figures> {
  const client = new HubClient(running.url, CONNECTIONS, '');
  const dataFolder = running.environment['VIERBLATT_DATA']!;
  const send: SendAs = (caller, document, variables) =>
    client.request(developmentTokens(dataFolder, 'vierblatt', caller), document, variables);
  try {
    const sites = await activateAlarmPlans(running, send);
    const cases: Figures[] = [];
    for (const casualties of CASUALTIES) {
      for (const sceneCount of SCENES) {
        const figures = await oneCase(running, send, casualties, sceneCount);
        cases.push(figures);
        say(`${casualties} at ${sceneCount}: ${JSON.stringify(figures)}`);
      }
    }
    const scattered = await oneCase(running, send, SCATTERED, 1, true);
    cases.push({ ...scattered, scattered: true });
    say(`${SCATTERED} scattered: ${JSON.stringify(scattered)}`);
    return { cases, sites, radiusKm: RADIUS_KM, rounds: ROUNDS };
  } finally {
    await client.close();
  }
}

/** Activates the alarm plan of every trauma centre of the demonstration; returns the number of sites. */
async function activateAlarmPlans({ url, token }: RunningHub, send: SendAs): Promise<number> {
  const hub = new Hub(url, token);
  const [sites, kreise] = await Promise.all([hub.facilities(), hub.kreise()]);
  await hub.close();
  const left = traumaCentres(sites, kreise);
  const activate = async () => {
    for (let centre = left.pop(); centre; centre = left.pop()) await alarm(send, centre.facility);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, activate));
  return sites.length;
}

async function alarm(send: SendAs, facility: string): Promise<void> {
  const staff: Caller = { role: 'hospital', facilities: [facility], subject: 'bench' };
  const { activateAlarmPlan } = await send(staff, ActivateAlarmPlanDocument, {
    input: { facility, reason: 'Bench', idempotencyKey: randomUUID() },
  });
  const type = activateAlarmPlan?.__typename;
  if (type !== 'Facility') throw new Error(`The hub refused an alarm plan: ${type}`);
}

async function oneCase(
  { pid }: RunningHub,
  send: SendAs,
  count: number,
  sceneCount: number,
  isScattered = false,
): Promise<Figures> {
  const around = scenesAround(middleScene(), scenes(), sceneCount);
  const planner = new Planner(send, around[0]!.area);
  const { allocations } = planner;
  const name = `${count} casualties at ${sceneCount} scenes`;
  const { incident, sections } = await allocations.declare(name, around, count);
  const casualties = syntheticCasualties(count, sceneCount, SEED);
  const located = isScattered
    ? casualties.map(({ scene: _, ...casualty }, n) => ({
        ...casualty,
        position: scatteredPosition(around[0]!, n, count),
      }))
    : casualties.map(({ scene, ...casualty }) => ({ ...casualty, section: sections[scene]! }));
  await allocations.register(incident, located satisfies LocatedCasualty[]);

  const patients = processBelow(pid, 'subgraphs/patients/server.js');
  await planner.plan(incident); // warms up
  await forgetPeak(patients);
  const exact: MeasuredPlan[] = [];
  for (let round = 0; round < ROUNDS; round += 1) exact.push(await planner.plan(incident));
  const peakMemoryMb = await peakOf(patients);
  const greedy = await planner.plan(incident, NO_TIME);
  const naiveOverloads = await planner.naiveOverloads(incident);

  const { summary } = exact[0]!.proposal;
  if (summary.allocated === 0) {
    throw new Error(`The plan for ${name} allocated nobody; the hub needs its first day's data.`);
  }
  const nearest = greedy.proposal.summary;
  const middle = (figure: (one: MeasuredPlan) => number) => median(exact.map(figure));
  return {
    casualties: count,
    places: sceneCount,
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

/** The control room of an area that requests plans, reads and discards them. */
class Planner {
  readonly allocations: Allocations;
  readonly #send: SendAs;
  readonly #caller: Caller;

  constructor(send: SendAs, area: string) {
    this.allocations = new Allocations(send, area);
    this.#send = send;
    this.#caller = controlRoomOf(area);
  }

  async plan(incident: string, parameters: AllocationParametersInput = {}): Promise<MeasuredPlan> {
    const start = performance.now();
    const reach = { wave: 1, radiusKm: RADIUS_KM };
    const proposal = await this.allocations.propose(incident, reach, parameters);
    const seconds = (performance.now() - start) / 1000;
    if (!proposal) throw new Error('The hub finds no patient to allocate.');
    const load = await this.#load(proposal.id);
    await this.allocations.discard(proposal.id);
    const overloads = load.reduce(
      (sum, { assigned, limit }) => sum + Math.max(0, assigned - (limit ?? Infinity)),
      0,
    );
    return { proposal, seconds, overloads };
  }

  /** Returns the patients above the limits of facilities if every patient went to the nearest suitable one. */
  async naiveOverloads(incident: string): Promise<number> {
    const proposal = await this.allocations.propose(incident, { wave: 1, radiusKm: RADIUS_KM });
    const { id } = proposal!;
    const load = await this.#load(id);
    const assignments = await this.#pages(
      PlanAssignmentsDocument,
      id,
      ({ allocationPlan }) => allocationPlan?.assignments,
    );
    const unallocated = await this.#pages(
      PlanUnallocatedDocument,
      id,
      ({ allocationPlan }) => allocationPlan?.unallocated,
    );
    await this.allocations.discard(id);
    const entries: PlanEntry[] = [
      ...assignments.map(({ facility, category, minutes, rejected }) => ({
        category,
        facility: facility!.id,
        minutes,
        rejected: withFacilityIds(rejected),
      })),
      ...unallocated.map(({ patient, rejected }) => ({
        category: patient!.category!,
        facility: null,
        minutes: 0,
        rejected: withFacilityIds(rejected),
      })),
    ];
    const limits = new Map(
      load.map(
        ({ facility, category, limit }) =>
          [`${facility!.id} ${category}`, limit ?? Infinity] as const,
      ),
    );
    return patientsAboveLimits(entries, limits);
  }

  #load(plan: string) {
    return this.#pages(PlanLoadDocument, plan, ({ allocationPlan }) => allocationPlan?.load);
  }

  #pages<Data, Node>(
    document: TypedDocument<Data, { plan: string; after?: string | null }>,
    plan: string,
    listOf: (data: Data) => Page<Node> | null | undefined,
  ): Promise<Node[]> {
    return allNodes(async (after) => {
      const list = listOf(await this.#send(this.#caller, document, { plan, after }));
      if (!list) throw new Error('The hub does not show the plan.');
      return list;
    });
  }
}

function withFacilityIds(rejections: Rejections) {
  if (!rejections) throw new Error('The hub does not show why facilities were rejected.');
  return rejections.map(({ facility, ...one }) => ({ ...one, facility: facility!.id }));
}

/** Returns the position of casualty `n` of `count`, evenly over a square around a scene. */
function scatteredPosition({ position }: Scene, n: number, count: number) {
  const side = Math.ceil(Math.sqrt(count));
  const offset = (step: number) => ((2 * step) / side - 1) * SCATTERED_DEGREES;
  return {
    latitude: position.latitude + offset(Math.floor(n / side)),
    longitude: position.longitude + offset(n % side),
  };
}

/** Returns a Kreis in the middle of the list of all. The scenes lie around it, because the hub refuses distant ones. */
function middleScene(): Scene {
  const all = scenes();
  return all[Math.floor(all.length / 2)]!;
}

/** Resets the peak of a process's memory, which Linux counts. */
async function forgetPeak(pid: number | undefined): Promise<void> {
  if (pid !== undefined) await writeFile(`/proc/${pid}/clear_refs`, '5');
}

async function peakOf(pid: number | undefined): Promise<number | null> {
  if (pid === undefined) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}
