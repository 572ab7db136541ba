import type { Need, TriageCategory } from '../../../generated/graphql.js';
import { byUrgency, type Casualty, type Position, type Scene } from '../../../steering/rules.js';

/** A patient without a house, as he is kept. What is not here cannot come into a plan. */
export interface WaitingRow {
  id: string;
  category: TriageCategory;
  transportPriority: boolean;
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  triagedAt: Date | null;
  transportable: boolean | null;
  latitude: number | null;
  longitude: number | null;
  /** His section, if it has a position. */
  section?: string | null;
  sectionLatitude?: number | null;
  sectionLongitude?: number | null;
  /** Whether a transfer of his waits for a house to be named. */
  houseRefused?: boolean;
}

/** Where patients are, before the houses are known. */
export type LocatedScene = Omit<Scene, 'nearest'>;

/** Who needs a house, and where they are. */
export interface Demand {
  scenes: LocatedScene[];
  casualties: Casualty[];
}

/** Degrees to which the position of a single patient is rounded: about a kilometre, less than the estimate of a way errs. */
const GRID = 0.01;
/** Every scene is weighed against every house in reach, so the grid becomes coarser until there are no more cells than this. */
const MOST_CELLS = 50;
/** About a metre. */
const DIGITS = 1e5;

/**
 * Everybody at the place that is known best: his section, his own position, otherwise that of the incident. Patients who
 * stand near each other share a place, because the plan counts patients who are alike.
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
 * Of the patients of a house those who are moved on, the most urgent first. SK I only if a physician has said that he may be
 * moved, others unless one has said that they may not (doi 10.1007/s00101-019-00670-z).
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

/** Whether there is anybody a plan could say more of than that he is dead. */
export function hasLiving({ casualties }: Demand): boolean {
  return casualties.some(({ category }) => category !== 'EX');
}

/** Whether a patient of a house may be sent to another. */
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

/** The scene of everybody whose own position is the best that is known. */
function cellsOf(waiting: readonly WaitingRow[]): Map<WaitingRow, LocatedScene> {
  const alone = waiting.filter(
    (patient): patient is Located =>
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

type Located = WaitingRow & Position;

function gridded(patients: readonly Located[], grid: number): Map<string, Located[]> {
  const cells = new Map<string, Located[]>();
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

/** Summed up in one order always, because sums of fractions depend on it and the digest on them. */
function middleOf(patients: readonly Located[]): Position {
  const middle = (of: (patient: Located) => number) =>
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
    ...{ id, scene: scene.id, category, transportPriority, needs, ventilated, physicianEscort },
    triagedAt: triagedAt?.toISOString() ?? null,
    houseRefused: patient.houseRefused ?? false,
  };
}
