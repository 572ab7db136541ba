import type { Patient } from '../../../generated/prisma/client.js';
import { byUrgency, type Casualty, type Position, type Scene } from '../../../steering/rules.js';

/** A patient without a facility, as stored. A property that is not here cannot enter a plan. */
export interface WaitingRow extends Pick<
  Patient,
  | 'id'
  | 'category'
  | 'transportPriority'
  | 'needs'
  | 'ventilated'
  | 'physicianEscort'
  | 'triagedAt'
  | 'transportable'
  | 'latitude'
  | 'longitude'
> {
  /** The patient's section, if it has a position. */
  section?: string | null;
  sectionLatitude?: number | null;
  sectionLongitude?: number | null;
  /** Whether the patient has a transfer that needs a facility. */
  facilityRefused?: boolean;
}

/** A scene before its nearest hospital is known. */
export type LocatedScene = Omit<Scene, 'nearest'>;

/** The patients who need a facility, and the scenes where they are. */
export interface Demand {
  scenes: LocatedScene[];
  casualties: Casualty[];
}

/** Degrees to which the position of a single patient is rounded: about a kilometre, less than the error of an estimated route. */
const GRID = 0.01;
/** Every scene is weighed against every facility in reach, so the grid becomes coarser until there are no more cells than this. */
const MOST_CELLS = 50;
/** About a metre. */
const DIGITS = 1e5;

/**
 * Returns every patient at the best known position: that of the section, the patient's own, or that of the incident. Patients
 * near each other share a scene, because the plan counts patients who are alike.
 */
export function demandAtScene(
  waiting: readonly WaitingRow[],
  incident: { id: string } & Position,
): Demand {
  const cells = cellsOf(waiting);
  const scenes = new Map<string, LocatedScene>();
  const casualties = waiting.map((patient) => {
    const scene = sectionOf(patient) ?? cells.get(patient) ?? at(incident.id, incident);
    scenes.set(scene.id, scene);
    return casualtyOf(patient, scene);
  });
  return { scenes: [...scenes.values()], casualties };
}

/**
 * Returns the patients of a facility who are to be moved, the most urgent first: SK I only if a physician states that they may
 * be moved, others unless a physician states that they may not (doi 10.1007/s00101-019-00670-z).
 */
export function demandOfFacility(
  waiting: readonly WaitingRow[],
  facility: { id: string } & Position,
  count: number,
): Demand {
  const scene = at(facility.id, facility);
  const casualties = waiting
    .filter(mayBeMoved)
    .map((patient) => casualtyOf(patient, scene))
    .sort(byUrgency)
    .slice(0, count);
  return { scenes: [scene], casualties };
}

/** Whether any patient is alive. */
export function hasLiving({ casualties }: Demand): boolean {
  return casualties.some(({ category }) => category !== 'EX');
}

/** Whether a patient of one facility may be sent to another. */
export function mayBeMoved({
  category,
  transportable,
}: Pick<WaitingRow, 'category' | 'transportable'>): boolean {
  if (category === 'SK_I') return transportable === true;
  return (category === 'SK_II' || category === 'SK_III') && transportable !== false;
}

function sectionOf({
  section,
  sectionLatitude,
  sectionLongitude,
}: WaitingRow): LocatedScene | undefined {
  if (section == null || sectionLatitude == null || sectionLongitude == null) return undefined;
  return at(section, { latitude: sectionLatitude, longitude: sectionLongitude });
}

/** Returns the scene of every patient whose own position is the best known one. */
function cellsOf(waiting: readonly WaitingRow[]): Map<WaitingRow, LocatedScene> {
  const alone = waiting.filter(
    (patient): patient is PatientWithPosition =>
      !sectionOf(patient) && patient.latitude !== null && patient.longitude !== null,
  );
  let grid = GRID;
  let cells = gridded(alone, grid);
  while (cells.size > MOST_CELLS) cells = gridded(alone, (grid *= 2));
  return new Map(
    [...cells].flatMap(([id, patients]) => {
      const scene = at(id, middleOf(patients));
      return patients.map((patient) => [patient, scene] as const);
    }),
  );
}

type PatientWithPosition = WaitingRow & Position;

function gridded(
  patients: readonly PatientWithPosition[],
  grid: number,
): Map<string, PatientWithPosition[]> {
  const cells = new Map<string, PatientWithPosition[]>();
  for (const patient of patients) {
    const degrees = [patient.latitude, patient.longitude].map((one) =>
      rounded(Math.round(one / grid) * grid),
    );
    const id = degrees.join(' ');
    const cell = cells.get(id);
    if (cell) cell.push(patient);
    else cells.set(id, [patient]);
  }
  return cells;
}

/** Adds up in a fixed order, because sums of fractions depend on the order, and the digest on the sums. */
function middleOf(patients: readonly PatientWithPosition[]): Position {
  const middle = (of: (patient: PatientWithPosition) => number) =>
    rounded(
      patients
        .map(of)
        .sort((a, b) => a - b)
        .reduce((sum, one) => sum + one, 0) / patients.length,
    );
  return { latitude: middle((one) => one.latitude), longitude: middle((one) => one.longitude) };
}

function at(id: string, { latitude, longitude }: Position): LocatedScene {
  return { id, position: { latitude, longitude } };
}

function rounded(degrees: number): number {
  return Math.round(degrees * DIGITS) / DIGITS;
}

function casualtyOf(patient: WaitingRow, scene: LocatedScene): Casualty {
  const { id, category, transportPriority, needs, ventilated, physicianEscort, triagedAt } =
    patient;
  return {
    id,
    scene: scene.id,
    category,
    transportPriority,
    needs,
    ventilated,
    physicianEscort,
    triagedAt: triagedAt?.toISOString() ?? null,
    facilityRefused: patient.facilityRefused ?? false,
  };
}
