import {
  noneWithId,
  numberFault,
  positionFault,
  textFault,
  type WithTypename,
} from '../../../../shared/validation/rules.js';
import type {
  DeclareIncidentInput,
  IncidentEntryKind,
  NotWider,
  OpenSectionInput,
  TriageCategory,
  UnknownIncident,
} from '../../generated/graphql.js';
import type { Incident, IncidentSection } from '../../generated/prisma/client.js';
import type { IncidentTopic } from './events.js';

/** An incident as it is stored. */
export type IncidentRow = Omit<Incident, 'declaredBy' | 'seq'>;

/** A section of an incident as it is returned. */
export type SectionRow = Pick<IncidentSection, 'id' | 'name' | 'kind' | 'openedAt'> & {
  /** Null if it is not known. */
  position: { latitude: number; longitude: number } | null;
};

/** A smaller estimate discloses single persons: callers who do not see the patients do not get it. */
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
 * Returns the number of casualties of each category. Callers who do not see the patients get null for every number, 0 included:
 * the difference between two reads around one registration or triage is a single person, however large the numbers are.
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
 * Returns the number of expected casualties for callers who do not see the patients. It lets facilities in a wide area prepare;
 * below 5 it is null, as if it were not known.
 */
export function openEstimate(estimate: number | null): number | null {
  return estimate !== null && estimate >= SMALLEST_OPEN_ESTIMATE ? estimate : null;
}

/** Returns the fault of a declaration, as a sentence for the caller; undefined if it has none. */
export function declarationFault(input: DeclareIncidentInput): string | undefined {
  const { name, area, position, estimatedCasualties } = input;
  if (!/^\d{5}$/.test(area)) {
    return `area is the AGS of a Kreis, five digits; received "${area.slice(0, 20)}".`;
  }
  return (
    textFault('name', name, LONGEST_NAME) ??
    positionFault(position) ??
    (estimatedCasualties == null ? undefined : estimateFault(estimatedCasualties))
  );
}

export function estimateFault(count: number): string | undefined {
  return numberFault('estimatedCasualties', count, {
    minimum: 0,
    maximum: MOST_ESTIMATED,
    unit: 'persons',
  });
}

export function sectionFault({
  name,
  position,
}: Pick<OpenSectionInput, 'name' | 'position'>): string | undefined {
  return (
    textFault('name', name, LONGEST_SECTION) ?? (position ? positionFault(position) : undefined)
  );
}

/** An incident after a change, with the topic of its event and its entry in the timeline. */
export interface ChangedIncident {
  row: IncidentRow;
  topic: IncidentTopic;
  kind: IncidentEntryKind;
  text: string;
}

/** The entry that a change of an incident adds to the timeline; it depends on the input alone. */
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
 * Returns whether a change repeats the newest one of its kind. A client that received no response sends the change again, also
 * if the change has closed the incident or has handed over its lead.
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
    // An event without a visible change would disclose single persons to callers who do not see the patients.
    topic:
      openEstimate(estimatedCasualties) === before
        ? 'patients.incident-casualties-changed'
        : 'patients.incident-estimated',
    ...ENTRIES.estimate(estimatedCasualties),
  };
}

/** Hands the lead to an area that contains the one that has it; it never goes to an area beside it or within it. */
export function escalate(
  incident: IncidentRow,
  leadingArea: string,
  reason: string,
): ChangedIncident | WithTypename<NotWider> {
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

export function unknownIncident(incident: string): WithTypename<UnknownIncident> {
  return noneWithId('incident', incident, '`incidents`');
}

function notWider(leadingArea: string, given: string): WithTypename<NotWider> {
  return {
    __typename: 'NotWider',
    message: `The lead goes to an area around ${leadingArea || 'DE'}, which leads now: fewer of its digits, or none for Germany; received "${given}".`,
    leadingArea,
    given,
  };
}

/** Returns the refusal of changes that only an open incident accepts; undefined while it is open. */
export function refusalIfClosed(incident: IncidentRow) {
  if (incident.status === 'OPEN') return undefined;
  return {
    __typename: 'IncidentEnded',
    message: `The incident ${incident.name} was closed at ${incident.closedAt!.toISOString()}. Declare a new one if it begins again.`,
    incident: { id: incident.id },
  } as const;
}

export function sectionExists(section: SectionRow) {
  return {
    __typename: 'SectionExists',
    message: `The incident has a section ${section.name} already. Use it, or give the new one another name.`,
    section,
  } as const;
}
