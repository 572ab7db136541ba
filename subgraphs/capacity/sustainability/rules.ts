import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import {
  invalid,
  numberFault,
  outOfRange,
  textFault,
  type WithTypename,
} from '../../../shared/validation/rules.js';
import type {
  ConflictingReport,
  InvalidSustainableBeds,
  NothingToOverride,
  ObservedOutOfRange,
  SustainabilityCause,
  SustainabilityTimeOutOfRange,
  SustainableBedsDeclarationInput,
  SustainableBedsInput,
} from '../generated/graphql.js';
import type { SustainabilityDeclaration } from '../generated/prisma/client.js';

/** The largest German hospital has about 3,000 beds in all, see beds/rules.ts. */
const MOST_BEDS = 5_000;
/** As for reports of beds: clocks differ, and what is older says nothing about today. */
const MINUTES_AHEAD = 5;
const DAYS_BACK = 7;
/** After this time a declaration must have been renewed: the source looks at least once a day (our policy). */
const LONGEST_HOURS = 24;
/** A later hour of failure is none that anybody plans by. */
const DAYS_OF_FORESIGHT = 366;
const SOURCE_CHARACTERS = 200;

/** The causes that each subgraph of the hub knows. No other one may declare any. */
export function mayDeclare(subgraph: string | undefined, cause: SustainabilityCause): boolean {
  return subgraph === (cause === 'STAFF' ? 'personnel' : 'supply');
}

/** The beds of one category by a declaration, as they are stored. */
export type DeclaredBeds = Omit<SustainabilityDeclaration, 'receivedAt'>;

export type DeclarationRefusal = WithTypename<
  ConflictingReport | InvalidSustainableBeds | ObservedOutOfRange | SustainabilityTimeOutOfRange
>;

export function isDeclared(verdict: object): verdict is DeclaredBeds[] {
  return Array.isArray(verdict);
}

/** Judges one declaration by itself: its beds as they are stored, or why it is refused. */
export function judgeDeclaration(
  input: SustainableBedsDeclarationInput,
  now: Date,
): DeclaredBeds[] | DeclarationRefusal {
  const { facility, items, cause, observedAt, source, method } = input;
  const { suddenFall = false, concerns = [] } = input;
  const refusal = faultOfWhole(input) ?? observedOutOfRange(observedAt, now);
  if (refusal) return refusal;
  const seen = new Set<string>();
  for (const [position, item] of items.entries()) {
    const fault = faultOfItem(item, position, observedAt);
    if (fault) return fault;
    if (seen.has(item.category)) {
      return invalid(
        'InvalidSustainableBeds',
        `items[${position}].category`,
        `items[${position}].category: each category once; received ${item.category} again. Leave one of the two out.`,
      );
    }
    seen.add(item.category);
  }
  return items.map(({ category, beds, from, until }) => ({
    facilityId: facility,
    category,
    cause,
    source,
    observedAt,
    method,
    until,
    beds: beds ?? null,
    fromAt: from,
    sudden: suddenFall,
    concerns: [...new Set(concerns)].toSorted(),
  }));
}

/** Names a declaration of beds: repeating one under the same key changes nothing. */
export function keyOf(beds: Pick<DeclaredBeds, (typeof KEY_FIELDS)[number]>): string {
  return KEY_FIELDS.map((field) => textOf(beds[field])).join(' ');
}
const KEY_FIELDS = ['facilityId', 'category', 'cause', 'observedAt', 'source'] as const;

/** The facts that may not differ between two declarations under one key. */
export type StatedBeds = Pick<DeclaredBeds, (typeof STATED_FIELDS)[number]>;
const STATED_FIELDS = ['beds', 'fromAt', 'until', 'method', 'sudden', 'concerns'] as const;

/** Whether two declarations state the same. */
export function isSame(a: StatedBeds, b: StatedBeds): boolean {
  return STATED_FIELDS.every((field) => textOf(a[field]) === textOf(b[field]));
}

/** Refuses an override that has ended already, or lasts longer than anybody stands by it; undefined where it does not. */
export function overrideRefusal(
  until: Date,
  now: Date,
): WithTypename<SustainabilityTimeOutOfRange> | undefined {
  return timeOutOfRange('until', until, {
    earliest: now.getTime() + 1,
    latest: now.getTime() + LONGEST_HOURS * HOUR_MS,
  });
}

export function nothingToOverride(cause: SustainabilityCause): WithTypename<NothingToOverride> {
  return {
    __typename: 'NothingToOverride',
    message: `No limit of ${cause} is declared for the facility. Look at \`Beds.sustainable\` for the cause, or at \`sustainabilityToReview\`.`,
    overriddenCause: cause,
  };
}

export function conflicting({ source, observedAt }: DeclaredBeds): DeclarationRefusal {
  return {
    __typename: 'ConflictingReport',
    message: `${source} has declared other numbers for ${observedAt.toISOString()} before, and those stand. A correction needs an observedAt of its own.`,
    observedAt,
  };
}

/** The fault of what concerns all items; undefined when there is none. */
function faultOfWhole({
  items,
  source,
}: SustainableBedsDeclarationInput): DeclarationRefusal | undefined {
  if (items.length === 0) {
    return invalid(
      'InvalidSustainableBeds',
      'items',
      'items names at least one category of beds; received none.',
    );
  }
  return invalid(
    'InvalidSustainableBeds',
    'source',
    textFault('source', source, SOURCE_CHARACTERS),
  );
}

function faultOfItem(
  { beds, from, until }: SustainableBedsInput,
  position: number,
  observedAt: Date,
): DeclarationRefusal | undefined {
  const field = `items[${position}].beds`;
  const fault = numberFault(field, beds ?? 0, { minimum: 0, maximum: MOST_BEDS, unit: 'beds' });
  if (fault !== undefined) {
    return invalid('InvalidSustainableBeds', field, `${fault} Give none where nothing is limited.`);
  }
  const at = observedAt.getTime();
  return (
    timeOutOfRange(`items[${position}].from`, from, {
      earliest: at - DAYS_BACK * DAY_MS,
      latest: at + DAYS_OF_FORESIGHT * DAY_MS,
    }) ??
    timeOutOfRange(`items[${position}].until`, until, {
      earliest: at + 1,
      latest: at + LONGEST_HOURS * HOUR_MS,
    })
  );
}

function timeOutOfRange(
  field: string,
  given: Date,
  { earliest, latest }: { earliest: number; latest: number },
): WithTypename<SustainabilityTimeOutOfRange> | undefined {
  return outOfRange('SustainabilityTimeOutOfRange', field, given, {
    earliest: new Date(earliest),
    latest: new Date(latest),
    advice: 'Give an instant in between.',
  });
}

function observedOutOfRange(observedAt: Date, now: Date): DeclarationRefusal | undefined {
  return outOfRange('ObservedOutOfRange', 'observedAt', observedAt, {
    earliest: new Date(now.getTime() - DAYS_BACK * DAY_MS),
    latest: new Date(now.getTime() + MINUTES_AHEAD * MINUTE_MS),
    advice: 'Check the clock of the source.',
  });
}

function textOf(value: string | number | boolean | Date | string[] | null): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join() : `${value}`;
}

export { lastsForArrival, latestArrival } from './rules/arrival.js';
