import { numberFault, type NumberLimits } from './numbers.js';

/** A type of the schema with its `__typename`, which members of unions need. */
export type WithTypename<T extends { __typename?: string }> = T & {
  __typename: NonNullable<T['__typename']>;
};

/** The fields that every refusal of the schema has. */
export interface Refusal {
  __typename: string;
  message: string;
}

/** Whether an outcome is a refusal, in which case nothing was changed. */
export function isRefused<T extends object>(outcome: T): outcome is Extract<T, Refusal> {
  return 'message' in outcome && '__typename' in outcome;
}

const LONGEST_SHOWN = 100;

type UnknownThing<Thing extends string, Field extends string> = {
  __typename: `Unknown${Capitalize<Thing>}`;
  message: string;
} & Record<Field, string>;

/**
 * Returns the refusal of an id that names nothing, or nothing that the caller may see, which must read the same: `Unknown<Thing>` with
 * the id in `<thing>Id`.
 *
 * @param thing The name of the type in camel case, such as `supplyLine`.
 * @param source What comes after "Take the id from", such as "`supplyRequests`".
 * @param act What the caller may not do with others, where more may be seen than that.
 */
export function noneWithId<Thing extends string>(
  thing: Thing,
  id: string,
  source: string,
  act = 'see',
): UnknownThing<Thing, `${Thing}Id`> {
  const message = `There is no ${wordsOf(thing)} with the id ${shown(id)} that you may ${act}. Take the id from ${source}.`;
  return unknown(thing, `${thing}Id`, id, message);
}

/**
 * Returns the refusal of a public code that names nothing, such as an AGS or a call sign: `Unknown<Thing>` with the code in a field.
 *
 * @param code The field of the refusal, what people call the code, and the code that was given.
 * @param advice A sentence that says what to do.
 */
export function noneWithCode<Thing extends string, Field extends string>(
  thing: Thing,
  { field, name, given }: { field: Field; name: string; given: string },
  advice: string,
): UnknownThing<Thing, Field> {
  const message = `There is no ${wordsOf(thing)} with the ${name} ${shown(given)}. ${advice}`;
  return unknown(thing, field, shown(given), message);
}

/** Returns the refusal of an id or a reference that names no facility. */
export function unknownFacility(facility: string): UnknownThing<'facility', 'facilityId'> {
  return noneWithId(
    'facility',
    facility,
    '`facilities`, or name it by `site:` and its site number, or by `ik:` and its IK where exactly one site has it',
  );
}

/**
 * Returns the refusal of an instant that lies outside its limits, both of which are allowed; undefined for any other.
 *
 * @param advice A sentence that says what to do.
 */
export function outOfRange<Type extends `${string}OutOfRange`>(
  type: Type,
  field: string,
  at: Date,
  { earliest, latest, advice }: { earliest: Date; latest: Date; advice: string },
) {
  if (at >= earliest && at <= latest) return undefined;
  const message = `${field} lies between ${earliest.toISOString()} and ${latest.toISOString()}; received ${at.toISOString()}. ${advice}`;
  return { __typename: type, message, field, at, earliest, latest };
}

interface ImplausibleValue<Type extends string> {
  __typename: Type;
  message: string;
  field: string;
  value: number;
  minimum: number;
  maximum: number;
}

interface NumberToJudge extends NumberLimits {
  /** A sentence that says what to do. */
  advice: string;
  /** A sentence that says what is wrong with the number, where it is more than its limits. */
  fault?: string | undefined;
}

/** Returns the refusal of a number that lies outside its limits, or has another fault; undefined for any other. */
export function implausible<Type extends `Implausible${string}`>(
  type: Type,
  field: string,
  value: number,
  number: NumberToJudge & { fault: string },
): ImplausibleValue<Type>;
export function implausible<Type extends `Implausible${string}`>(
  type: Type,
  field: string,
  value: number,
  number: NumberToJudge,
): ImplausibleValue<Type> | undefined;
export function implausible<Type extends `Implausible${string}`>(
  type: Type,
  field: string,
  value: number,
  { advice, fault, ...limits }: NumberToJudge,
): ImplausibleValue<Type> | undefined {
  const found = fault ?? numberFault(field, value, limits);
  if (found === undefined) return undefined;
  const { minimum, maximum } = limits;
  // A literal such as 1e400 is read as Infinity, which no response can carry.
  const finite = Number.isFinite(value) ? value : Math.sign(value) * Number.MAX_VALUE;
  return {
    __typename: type,
    message: `${found} ${advice}`,
    field,
    value: finite,
    minimum,
    maximum,
  };
}

interface InvalidInput<Type extends string> {
  __typename: Type;
  message: string;
  field: string;
}

/** Returns the refusal of an input that contradicts itself or lacks a part, for the fault of one field; undefined where there is no fault. */
export function invalid<Type extends `Invalid${string}`>(
  type: Type,
  field: string,
  fault: string,
): InvalidInput<Type>;
export function invalid<Type extends `Invalid${string}`>(
  type: Type,
  field: string,
  fault: string | undefined,
): InvalidInput<Type> | undefined;
export function invalid<Type extends `Invalid${string}`>(
  type: Type,
  field: string,
  fault: string | undefined,
): InvalidInput<Type> | undefined {
  return fault === undefined ? undefined : { __typename: type, message: fault, field };
}

function unknown<Thing extends string, Field extends string>(
  thing: Thing,
  field: Field,
  given: string,
  message: string,
): UnknownThing<Thing, Field> {
  const name = `${thing.charAt(0).toUpperCase()}${thing.slice(1)}` as Capitalize<Thing>;
  const named = { [field]: given } as Record<Field, string>;
  return { __typename: `Unknown${name}`, message, ...named };
}

/** Returns `supply line` for `supplyLine`. */
function wordsOf(thing: string): string {
  return thing.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shown(given: string): string {
  return given.slice(0, LONGEST_SHOWN);
}
