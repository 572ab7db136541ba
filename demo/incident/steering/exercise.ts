import { MINUTE_MS } from '../../../shared/time/rules.js';
import type { Progress } from '../../client/progress.js';
import { ControlRoom } from '../control-room.js';
import { FacilityStaff } from '../facility-staff.js';
import type { SendAs } from '../../client/requests.js';
import type { Scene } from '../../client/scene.js';
import { Allocations, type ConfirmedAssignment, type Proposal } from './allocations.js';
import type { SyntheticCasualty } from './casualties.js';
import { ridesOf, type Ride } from './rides.js';

/** Distances within which facilities are searched, in kilometres: the next one when no patient can be allocated. */
const RADII_KM = [100, 200, 400, 1_000] as const;
/** As many waves as the hub plans. */
const MOST_WAVES = 20;
/** Rides that take place at the same time. */
const CONCURRENT_RIDES = 8;

export interface SteeredExercise {
  casualties: readonly SyntheticCasualty[];
  /** The scenes of the casualties; the control room of the first one leads. */
  scenes: readonly Scene[];
  send: SendAs;
  now: () => Date;
  /** Returns false when the exercise has to stop. */
  due: () => Promise<boolean>;
  report: (line: string) => void;
  /** Shows the progress of the transports of a wave. */
  progress: (patients: number) => Progress;
}

/** One plan and its result. */
export interface Wave {
  number: number;
  radiusKm: number;
  proposal: Proposal;
  /** Seconds from the request for the plan to the response. */
  seconds: number;
  /** Assignments that did not become transfers. */
  lost: number;
}

/** The result of a steered exercise. */
export interface SteeredResult {
  registered: number;
  waves: Wave[];
  handedOver: ConfirmedAssignment[];
  /** Patients who stayed, by the code of the reason. */
  stayed: ReadonlyMap<string, number>;
  finished: boolean;
}

/**
 * Runs an exercise that the hub steers: declares the incident with its scenes, registers the casualties, then proposes,
 * confirms and transports wave after wave until no further patient can be allocated. A patient under way is brought, even
 * after a stop.
 */
export async function runSteeredExercise(exercise: SteeredExercise): Promise<SteeredResult> {
  const { casualties, scenes, send, due, report } = exercise;
  const allocations = new Allocations(send, scenes[0]!.area);
  const transport = new Transport(exercise);
  const name = `ÜBUNG ÜBUNG ÜBUNG: ${casualties.length} casualties at ${scenes.length} scenes`;
  const { incident, sections } = await allocations.declare(name, scenes, casualties.length);
  const located = casualties.map(({ scene, ...casualty }) => ({
    ...casualty,
    section: sections[scene]!,
  }));
  const registered = await allocations.register(incident, located);
  report(`${registered} casualties registered at ${scenes.length} scenes.`);

  const waves: Wave[] = [];
  const handedOver: ConfirmedAssignment[] = [];
  let stayed: ReadonlyMap<string, number> = new Map();
  let radius = 0;
  for (let wave = 1; wave <= MOST_WAVES && (await due()); wave += 1) {
    const found = await proposeWithin(allocations, incident, wave, radius);
    stayed = found ? await allocations.unallocated(found.proposal.id) : new Map();
    if (!found || found.proposal.summary.allocated === 0) break;
    radius = found.radius;
    const { confirmed, lost } = await allocations.confirm(found.proposal.id);
    const { proposal, seconds } = found;
    waves.push({ number: wave, radiusKm: RADII_KM[radius]!, proposal, seconds, lost });
    report(summaryOf(waves.at(-1)!));
    const rides = ridesOf(confirmed, `${incident.slice(0, 4)} ${wave}`);
    handedOver.push(...(await transport.bring(rides)));
  }
  const finished = await due();
  if (finished) await transport.controlRoom.close(incident, 'End of the exercise.');
  return { registered, waves, handedOver, stayed, finished };
}

/** Returns the plan within the smallest radius in which a patient can be allocated. */
async function proposeWithin(
  allocations: Allocations,
  incident: string,
  wave: number,
  from: number,
) {
  for (let radius = from; ; radius += 1) {
    const radiusKm = RADII_KM[radius]!;
    const start = performance.now();
    const proposal = await allocations.propose(incident, { wave, radiusKm });
    const seconds = (performance.now() - start) / 1000;
    if (!proposal) return undefined;
    const isLast = radius === RADII_KM.length - 1;
    if (proposal.summary.allocated > 0 || isLast) return { proposal, seconds, radius };
    await allocations.discard(proposal.id);
  }
}

function summaryOf({ number, radiusKm, proposal: { summary }, seconds, lost }: Wave): string {
  const { allocated, patients, optimalityGap, solverMilliseconds } = summary;
  const proof = optimalityGap === null ? 'nothing proven' : `gap ${optimalityGap}`;
  const duration = `plan in ${seconds.toFixed(2)} s, solver ${Math.round(solverMilliseconds)} ms, ${proof}`;
  const losses = lost > 0 ? `, ${lost} lost their intake slot` : '';
  return `Wave ${number} within ${radiusKm} km: ${allocated} of ${patients} allocated to a facility (${duration})${losses}.`;
}

/** Brings patients to the facilities of a confirmed plan. */
class Transport {
  readonly controlRoom: ControlRoom;
  readonly #staff: FacilityStaff;
  readonly #exercise: SteeredExercise;

  constructor(exercise: SteeredExercise) {
    this.#exercise = exercise;
    this.controlRoom = new ControlRoom(exercise.send, exercise.scenes[0]!);
    this.#staff = new FacilityStaff(exercise.send);
  }

  /** Returns the patients who were handed over. */
  async bring(rides: Ride[]): Promise<ConfirmedAssignment[]> {
    const { due, progress } = this.#exercise;
    const patients = rides.reduce((sum, { passengers }) => sum + passengers.length, 0);
    const shown = progress(patients);
    const brought: ConfirmedAssignment[] = [];
    const waiting = [...rides].reverse();
    const driveAll = async () => {
      for (let ride = waiting.pop(); ride && (await due()); ride = waiting.pop()) {
        const handedOver = await this.#drive(ride);
        brought.push(...handedOver);
        const { callSign, means } = ride.vehicle;
        for (const { category } of handedOver) {
          shown.done(`${callSign} ${means}: ${category} handed over at ${ride.facility.name}`);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: CONCURRENT_RIDES }, driveAll));
    } finally {
      shown.stop();
    }
    return brought;
  }

  async #drive({ vehicle, facility, minutes, passengers }: Ride): Promise<ConfirmedAssignment[]> {
    const { now } = this.#exercise;
    const accepted: ConfirmedAssignment[] = [];
    for (const one of passengers) {
      if (await this.#staff.accept(facility.id, one.transfer)) accepted.push(one);
      else await this.controlRoom.cancel(one.transfer, 'The facility has no intake slot left.');
    }
    if (accepted.length === 0) return [];
    const arrival = new Date(now().getTime() + minutes * MINUTE_MS);
    const transfers = accepted.map(({ transfer }) => transfer);
    await this.controlRoom.assign(transfers, vehicle, arrival);
    for (const status of [7, 8]) await this.controlRoom.report(vehicle, status, now());
    for (const transfer of transfers) await this.#staff.handOver(facility.id, transfer);
    return accepted;
  }
}
