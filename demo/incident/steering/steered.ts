import type { Progress } from '../../client/progress.js';
import { ControlRoom } from '../control-room.js';
import { Houses } from '../houses.js';
import type { Scene } from '../scene.js';
import type { Ask } from '../speaking.js';
import type { SyntheticCasualty } from './casualties.js';
import { CrisisRoom, type Confirmed, type Proposal } from './crisis-room.js';
import { ridesOf, type Ride } from './rides.js';

/** Distances within which houses are looked for, in kilometres: the next when nobody more finds a place. */
const REACHES_KM = [100, 200, 400, 1_000] as const;
/** As many waves as the hub plans. */
const MOST_WAVES = 20;
/** Control rooms and houses that act at the same moment. */
const AT_ONCE = 8;

export interface SteeredExercise {
  casualties: readonly SyntheticCasualty[];
  /** Where they are; the control room of the first leads. */
  places: readonly Scene[];
  ask: Ask;
  now: () => Date;
  /** False when it is time to stop. */
  due: () => Promise<boolean>;
  tell: (line: string) => void;
  /** Shows how far the transports of a wave are. */
  progress: (patients: number) => Progress;
}

/** One plan and what became of it. */
export interface Wave {
  number: number;
  radiusKm: number;
  proposal: Proposal;
  /** Seconds from asking for the plan to having it. */
  seconds: number;
  lost: number;
}

/** What an exercise came to. */
export interface Steered {
  registered: number;
  waves: Wave[];
  handedOver: Confirmed[];
  /** Who stayed, by the reason's code. */
  stayed: ReadonlyMap<string, number>;
  finished: boolean;
}

/**
 * Plays an incident that the hub steers: declared over its places, registered, then wave after wave proposed, confirmed and
 * brought, until nobody more finds a place. Whoever is on the way is brought, also when it is time to stop.
 */
export async function steer(exercise: SteeredExercise): Promise<Steered> {
  const { casualties, places, ask, due, tell } = exercise;
  const room = new CrisisRoom(ask, places[0]!.area);
  const transport = new Transport(exercise);
  const name = `ÜBUNG ÜBUNG ÜBUNG: ${casualties.length} casualties at ${places.length} places`;
  const { incident, sections } = await room.declare(name, places, casualties.length);
  const registered = await room.register(incident, sections, casualties);
  tell(`${registered} casualties registered at ${places.length} places.`);

  const waves: Wave[] = [];
  const handedOver: Confirmed[] = [];
  let stayed: ReadonlyMap<string, number> = new Map();
  let reach = 0;
  for (let wave = 1; wave <= MOST_WAVES && (await due()); wave += 1) {
    const found = await proposeWithin(room, incident, wave, reach);
    stayed = found ? await room.unallocated(found.proposal.id) : new Map();
    if (!found || found.proposal.summary.allocated === 0) break;
    reach = found.reach;
    const { confirmed, lost } = await room.confirm(found.proposal.id);
    const { proposal, seconds } = found;
    waves.push({ number: wave, radiusKm: REACHES_KM[reach]!, proposal, seconds, lost });
    tell(told(waves.at(-1)!));
    handedOver.push(
      ...(await transport.bring(ridesOf(confirmed, `${incident.slice(0, 4)} ${wave}`))),
    );
  }
  const finished = await due();
  if (finished) await transport.controlRoom.close(incident, 'End of the exercise.');
  return { registered, waves, handedOver, stayed, finished };
}

/** The plan within the smallest reach in which somebody finds a house. */
async function proposeWithin(room: CrisisRoom, incident: string, wave: number, from: number) {
  for (let reach = from; ; reach += 1) {
    const radiusKm = REACHES_KM[reach]!;
    const start = performance.now();
    const proposal = await room.propose(incident, { wave, radiusKm });
    const seconds = (performance.now() - start) / 1000;
    if (!proposal) return undefined;
    const isLast = reach === REACHES_KM.length - 1;
    if (proposal.summary.allocated > 0 || isLast) return { proposal, seconds, reach };
    await room.discard(proposal.id);
  }
}

function told({ number, radiusKm, proposal: { summary }, seconds, lost }: Wave): string {
  const { allocated, patients, optimalityGap, solverMilliseconds } = summary;
  const proof = optimalityGap === null ? 'nothing proven' : `gap ${optimalityGap}`;
  const took = `plan in ${seconds.toFixed(2)} s, solver ${Math.round(solverMilliseconds)} ms, ${proof}`;
  const gone = lost > 0 ? `, ${lost} lost their place` : '';
  return `Wave ${number} within ${radiusKm} km: ${allocated} of ${patients} given a house (${took})${gone}.`;
}

/** Brings patients to the houses of a confirmed plan. */
class Transport {
  readonly controlRoom: ControlRoom;
  readonly #houses: Houses;
  readonly #exercise: SteeredExercise;

  constructor(exercise: SteeredExercise) {
    this.#exercise = exercise;
    this.controlRoom = new ControlRoom(exercise.ask, exercise.places[0]!);
    this.#houses = new Houses(exercise.ask);
  }

  /** Returns whom the houses have taken over. */
  async bring(rides: Ride[]): Promise<Confirmed[]> {
    const { due, progress } = this.#exercise;
    const everybody = rides.reduce((sum, { passengers }) => sum + passengers.length, 0);
    const shown = progress(everybody);
    const brought: Confirmed[] = [];
    const left = [...rides].reverse();
    const drive = async () => {
      for (let ride = left.pop(); ride && (await due()); ride = left.pop()) {
        const there = await this.#drive(ride);
        brought.push(...there);
        const { callSign, means } = ride.vehicle;
        for (const { category } of there) {
          shown.done(`${callSign} ${means}: ${category} handed over at ${ride.house.name}`);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, drive));
    } finally {
      shown.stop();
    }
    return brought;
  }

  async #drive({ vehicle, house, minutes, passengers }: Ride): Promise<Confirmed[]> {
    const { now } = this.#exercise;
    const taken: Confirmed[] = [];
    for (const one of passengers) {
      if (await this.#houses.accept(house.id, one.transfer)) taken.push(one);
      else await this.controlRoom.cancel(one.transfer, 'The house has no place left.');
    }
    if (taken.length === 0) return [];
    const arrival = new Date(now().getTime() + minutes * 60_000);
    const transfers = taken.map(({ transfer }) => transfer);
    await this.controlRoom.assign(transfers, vehicle, arrival);
    for (const status of [7, 8]) await this.controlRoom.report(vehicle, status, now());
    for (const transfer of transfers) await this.#houses.handOver(house.id, transfer);
    return taken;
  }
}
