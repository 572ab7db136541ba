import { positionFault, textFault } from '../../../../shared/validation/rules.js';
import type { Named } from '../../capacity-client/rules.js';
import type {
  DeclareIncidentInput,
  Hazard,
  IncidentEntryKind,
  IncidentStatus,
  NotWider,
  OpenSectionInput,
  SectionKind,
  TriageCategory,
  UnknownIncident,
} from '../../generated/graphql.js';
import type { IncidentTopic } from './topics.js';

/** An incident as it is kept. */
export interface IncidentRow {
  id: string;
  name: string;
  hazard: Hazard;
  /** AGS of the Kreis. */
  area: string;
  leadingArea: string;
  latitude: number;
  longitude: number;
  estimatedCasualties: number | null;
  status: IncidentStatus;
  declaredAt: Date;
  closedAt: Date | null;
}

export interface SectionRow {
  id: string;
  name: string;
  kind: SectionKind;
  /** Null where nobody said. */
  position: { latitude: number; longitude: number } | null;
  openedAt: Date;
}

/** An estimate below this tells of single persons; whoever does not see the patients does not get it. */
const SMALLEST_OPEN_ESTIMATE = 5;
const MOST_ESTIMATED = 100_000;
const LONGEST_NAME = 200;
const LONGEST_SECTION = 100;

/** Every category, in the order of the schema. */
const CATEGORIES = [
  'SK_I',
  'SK_II',
  'SK_III',
  'SK_IV',
  'EX',
  'UNINJURED',
  'UNTRIAGED',
] as const satisfies TriageCategory[];

/**
 * Casualties by category. Whoever does not see the patients gets null for every number, 0 included: of two readings around
 * one registration or triage the difference is a single person, however large the numbers are.
 */
export function casualtyCounts(
  counted: ReadonlyMap<TriageCategory, number>,
  seesPatients: boolean,
): { category: TriageCategory; count: number | null }[] {
  return CATEGORIES.map((category) => ({
    category,
    count: seesPatients ? (counted.get(category) ?? 0) : null,
  }));
}

/**
 * How many casualties are expected, for whoever does not see the patients: a planning number that prepares houses far around,
 * and null below 5, as if nobody had said.
 */
export function openEstimate(estimate: number | null): number | null {
  return estimate !== null && estimate >= SMALLEST_OPEN_ESTIMATE ? estimate : null;
}

/** What is wrong with a declaration, as a sentence for the caller; undefined when nothing is. */
export function declarationFault(input: DeclareIncidentInput): string | undefined {
  const { name, area, position, estimatedCasualties } = input;
  if (!/^\d{5}$/.test(area)) {
    return `area is the AGS of a Kreis, five digits; "${area.slice(0, 20)}" came.`;
  }
  return (
    textFault('name', name, LONGEST_NAME) ??
    positionFault(position) ??
    (estimatedCasualties == null ? undefined : estimateFault(estimatedCasualties))
  );
}

export function estimateFault(count: number): string | undefined {
  if (count >= 0 && count <= MOST_ESTIMATED) return undefined;
  return `estimatedCasualties is a number of persons, 0 to ${MOST_ESTIMATED}; ${count} came.`;
}

export function sectionFault({
  name,
  position,
}: Pick<OpenSectionInput, 'name' | 'position'>): string | undefined {
  return (
    textFault('name', name, LONGEST_SECTION) ?? (position ? positionFault(position) : undefined)
  );
}

/** The incident after a change, and how it is told. */
export interface ChangedIncident {
  row: IncidentRow;
  topic: IncidentTopic;
  kind: IncidentEntryKind;
  text: string;
}

/** The entry of the timeline that a change of an incident makes; it depends on the input alone. */
export type TimelineEntry = Pick<ChangedIncident, 'kind' | 'text'>;

export const ENTRIES = {
  estimate: (estimatedCasualties: number): TimelineEntry => ({
    kind: 'ESTIMATED',
    text: `${estimatedCasualties} casualties expected.`,
  }),
  escalation: (leadingArea: string, reason: string): TimelineEntry => ({
    kind: 'ESCALATED',
    text: `Led by ${leadingArea || 'DE'} from now on: ${reason}`,
  }),
  closing: (reason: string): TimelineEntry => ({ kind: 'CLOSED', text: `Closed: ${reason}` }),
};

/**
 * Whether a change repeats the newest one of its kind: a client that got no answer sends it again, also when the incident is
 * closed by it, or led by others.
 */
export function isRepetition(
  entry: TimelineEntry,
  by: string,
  newest: { by: string; text: string } | undefined,
): boolean {
  return newest !== undefined && newest.by === by && newest.text === entry.text;
}

export function estimate(incident: IncidentRow, estimatedCasualties: number): ChangedIncident {
  const before = openEstimate(incident.estimatedCasualties);
  return {
    row: { ...incident, estimatedCasualties },
    // An event that changes nothing for those who do not see the patients would tell them of single persons.
    topic:
      openEstimate(estimatedCasualties) === before
        ? 'patients.incident-casualties-changed'
        : 'patients.incident-estimated',
    ...ENTRIES.estimate(estimatedCasualties),
  };
}

/** The lead goes up, to an area around the one that has it; it never goes sideways or back. */
export function escalate(
  incident: IncidentRow,
  leadingArea: string,
  reason: string,
): ChangedIncident | Named<NotWider> {
  const now = incident.leadingArea;
  if (now === leadingArea || !now.startsWith(leadingArea)) return notWider(now, leadingArea);
  return {
    row: { ...incident, leadingArea },
    topic: 'patients.incident-escalated',
    ...ENTRIES.escalation(leadingArea, reason),
  };
}

export function close(incident: IncidentRow, reason: string, now: Date): ChangedIncident {
  return {
    row: { ...incident, status: 'CLOSED', closedAt: now },
    topic: 'patients.incident-closed',
    ...ENTRIES.closing(reason),
  };
}

export function unknownIncident(incident: string): Named<UnknownIncident> {
  return {
    __typename: 'UnknownIncident',
    message: `There is no incident with the id ${incident.slice(0, 100)}. Take the id from \`incidents\`.`,
    incidentId: incident,
  };
}

function notWider(leadingArea: string, given: string): Named<NotWider> {
  return {
    __typename: 'NotWider',
    message: `The lead goes to an area around ${leadingArea || 'DE'}, which leads now: fewer of its digits, or none for Germany; "${given}" came.`,
    leadingArea,
    given,
  };
}

/** The refusal of what only an open incident takes; undefined while it is open. */
export function refusalIfClosed(incident: IncidentRow) {
  if (incident.status === 'OPEN') return undefined;
  return {
    __typename: 'IncidentClosed',
    message: `The incident ${incident.name} was closed at ${incident.closedAt!.toISOString()}. Declare a new one if it begins again.`,
    incident: { id: incident.id },
  } as const;
}

export function duplicateSection(section: SectionRow) {
  return {
    __typename: 'DuplicateSection',
    message: `The incident has a section ${section.name} already. Use it, or give the new one another name.`,
    section,
  } as const;
}
