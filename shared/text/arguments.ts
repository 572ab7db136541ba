import {
  defaultFieldResolver,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { callersFault } from '../errors/index.js';
import { converted, inputPaths, type InputPath, type Values } from '../inputs/index.js';
import { invalid } from '../validation/rules.js';
import { identifyingFault, identifyingForm, isIdentifying } from './identifying-text.js';
import { blankFault, storageFault, textFault } from './invalid-text.js';
import { bulkOf, refusesText, type Bulk } from './refusals.js';

type Resolve = GraphQLFieldResolver<unknown, unknown>;

/** JSON that the gateway reports. Its writer escapes what cannot be stored, and it may repeat what a client was refused for. */
const JSON_TEXTS = /^(disclosed|criteria|claims)$/;

/** No id of the hub or of its clients' systems is longer; what is sent as one comes back in answers. */
const LONGEST_ID = 200;

/** A text that is refused: where it stands and what is wrong. */
interface Fault {
  field: string;
  message: string;
  /** Nothing is written where something may be left out, or an id is none: the caller's fault, as where a rule misses it. */
  isCallersFault?: boolean;
}

/**
 * Checks every text that clients send, once for all fields of a subgraph: a String among the arguments of a
 * field, at any depth, that cannot be stored or would deceive, an optional one in which nothing is written, and an ID that cannot be
 * stored or is too long. A mutation answers with the refusal InvalidText; one that
 * takes a list and answers with `outcomes` refuses only the entries concerned. Anything else is BAD_USER_INPUT. Texts that
 * identify something are passed on in their one form. Changes the schema it is given.
 */
export function checkTextArguments(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const texts = inputPaths(field.args, isText);
      if (texts.length === 0) continue;
      const identifying = inputPaths(
        field.args,
        (name, scalar) => scalar === 'String' && isIdentifying(name),
      );
      const canRefuse = refusesText(field.type);
      const bulk = bulkOf(field, isText);
      const checked = (resolve: Resolve): Resolve => {
        return (parent, args: Values, context, info) => {
          const rest = (values: Values) =>
            resolve(parent, converted(identifying, values, identifyingForm), context, info);
          if (bulk) return inBulk(bulk, texts, args, rest);
          const fault = faultAmong(texts, args);
          return fault ? refused(fault, canRefuse) : rest(args);
        };
      };
      field.resolve = checked(field.resolve ?? defaultFieldResolver);
      if (field.subscribe) field.subscribe = checked(field.subscribe);
    }
  }
}

function isText(_: string, scalar: string): boolean {
  return scalar === 'String' || scalar === 'ID';
}

/** Returns the refusal, or throws BAD_USER_INPUT where the field has none. */
function refused({ field, message, isCallersFault = false }: Fault, canRefuse: boolean) {
  if (!canRefuse || isCallersFault) throw callersFault('BAD_USER_INPUT', message);
  return invalid('InvalidText', field, message);
}

/** Calls the field with the entries of its list that hold no fault, and inserts the refusals of the others at their positions. */
async function inBulk(
  { argument, list, entry, result, canRefuse }: Bulk,
  texts: readonly InputPath[],
  args: Values,
  resolve: (args: Values) => unknown,
): Promise<unknown> {
  const input = args[argument] as Values;
  const entries = input[list] as readonly Values[];
  const outside = faultAmong(texts, { ...args, [argument]: { ...input, [list]: [] } });
  if (outside) return refused(outside, canRefuse);
  const faults = entries.map((values) => faultAmong(entry, values));
  if (!faults.some(Boolean)) return resolve(args);
  const good = entries.filter((_, index) => !faults[index]);
  const outcome =
    good.length === 0
      ? { __typename: result, outcomes: [] }
      : await resolve({ ...args, [argument]: { ...input, [list]: good } });
  const { outcomes } = outcome as { outcomes?: readonly unknown[] };
  if (!outcomes) return outcome;
  const next = outcomes.values();
  return {
    ...(outcome as object),
    outcomes: faults.map((fault) =>
      fault ? refused({ ...fault, isCallersFault: false }, true) : next.next().value,
    ),
  };
}

function faultAmong(texts: readonly InputPath[], values: Values): Fault | undefined {
  for (const text of texts) {
    const value = values[text.name];
    const fault = value == null ? undefined : faultOf(text, text.name, value);
    if (fault) return fault;
  }
  return undefined;
}

function faultOf(input: InputPath, path: string, value: unknown): Fault | undefined {
  if (value == null) return undefined;
  if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      const fault = faultOf(input, `${path}[${index}]`, entry);
      if (fault) return fault;
    }
    return undefined;
  }
  if (input.fields) {
    const fault = faultAmong(input.fields, value as Values);
    return fault && path !== 'input' ? prefixed(path, fault) : fault;
  }
  const text = value as string;
  if (input.type === 'ID') return idFault(path, text);
  const judge = JSON_TEXTS.test(path) ? storageFault : textFault;
  const message = judge(path, text) ?? lookFault(input.name, path, text);
  if (message !== undefined) return { field: path, message };
  const blank = input.isRequired ? undefined : blankFault(path, text);
  return blank === undefined ? undefined : { field: path, message: blank, isCallersFault: true };
}

function lookFault(name: string, path: string, text: string): string | undefined {
  return isIdentifying(name) ? identifyingFault(path, text, name) : undefined;
}

function idFault(path: string, id: string): Fault | undefined {
  const message =
    id.length > LONGEST_ID
      ? `${path} is an id of up to ${LONGEST_ID} characters; received ${id.length}.`
      : storageFault(path, id);
  return message === undefined ? undefined : { field: path, message, isCallersFault: true };
}

/** Names the whole way to a field of an input within others; `input` itself is what every mutation takes. */
function prefixed(path: string, fault: Fault): Fault {
  const { field, message } = fault;
  return { ...fault, field: `${path}.${field}`, message: `${path}.${message}` };
}
