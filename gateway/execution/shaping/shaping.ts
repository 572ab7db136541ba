import { ERRORS } from '@apollo/federation-internals';
import type { GraphQLError } from 'graphql';
import type { Json } from '../fetching/run.js';
import type {
  FieldShape,
  ListShape,
  ObjectShape,
  ResultShape,
  ValueShape,
} from './result-shape.js';

/** Stands for a null that the schema does not allow where it was found. */
const NO_NULL = Symbol('a null that rises');
type Risen = typeof NO_NULL;

/** The answer as the client wants it, out of everything that was fetched. */
export function shaped(shape: ResultShape, fetched: Json) {
  const shaping = new Shaping(shape);
  const data = shaping.object(shape.fields, fetched, {});
  return { data: data === NO_NULL ? null : data, errors: shaping.errors };
}

class Shaping {
  readonly errors: GraphQLError[] = [];
  readonly #shape: ResultShape;
  /** From the root to the value at hand. */
  readonly #path: (string | number)[] = [];

  constructor(shape: ResultShape) {
    this.#shape = shape;
  }

  /** Adds what is selected to `output`, which is new, or was begun by another selection of the same object. */
  object(fields: readonly FieldShape[], input: Json, output: Json): Json | Risen {
    for (const field of fields) {
      const { key, value: shape } = field;
      const held = output[key];
      if (!shape) {
        if (held !== undefined) continue;
        const typename = this.#typename(field, input);
        if (typename === undefined) return NO_NULL;
        output[key] = typename;
        continue;
      }
      const value = input[key];
      if (shape.kind === 'leaf') {
        if (held !== undefined) continue;
        if (value !== undefined && value !== null && shape.accepts(value)) {
          output[key] = value;
          continue;
        }
      }
      this.#path.push(key);
      const result =
        held === undefined
          ? this.#value(shape, value, field.parent)
          : this.#again(shape, held, value, field.parent);
      this.#path.pop();
      if (result === NO_NULL) return NO_NULL;
      output[key] = result;
    }
    return output;
  }

  #typename({ key, parent }: FieldShape, input: Json): string | undefined {
    const value = input[key] ?? input['__typename'];
    const name = typeof value === 'string' && this.#shape.isType(value) ? value : parent;
    return this.#shape.objectType(name);
  }

  #value(shape: ValueShape, value: unknown, parent: string): unknown {
    if (value === undefined || value === null) {
      if (shape.nonNull) this.#tell(`Cannot return null for non-nullable`, shape, parent);
      return shape.nonNull ? NO_NULL : null;
    }
    const result = this.#nullable(shape, value, parent);
    return result === null && shape.nonNull ? NO_NULL : result;
  }

  /** Null where something below was wrong, which is told already. */
  #nullable(shape: ValueShape, value: unknown, parent: string): unknown {
    switch (shape.kind) {
      case 'leaf':
        if (shape.accepts(value)) return value;
        this.#tell('Invalid value found for', shape, parent);
        return null;
      case 'list':
        return this.#list(shape, value, parent);
      case 'object': {
        const fields = this.#fieldsOf(shape, value);
        if (fields) return withoutRisen(this.object(fields, value as Json, {}));
        this.#tell('Invalid __typename found for object at', shape, parent);
        return null;
      }
    }
  }

  #list({ of, text }: ListShape, value: unknown, parent: string): unknown[] | null {
    const entries = listOf(value, text);
    const path = this.#path;
    const result: unknown[] = [];
    let hasRisen = false;
    for (let index = 0; index < entries.length; index += 1) {
      path.push(index);
      const entry = this.#value(of, entries[index], parent);
      path.pop();
      if (entry === NO_NULL) hasRisen = true;
      result.push(entry);
    }
    return hasRisen ? null : result;
  }

  /** For what another selection has begun: null stays null, and a leaf is what it is. */
  #again(shape: ValueShape, held: unknown, value: unknown, parent: string): unknown {
    if (held === null || shape.kind === 'leaf') return held;
    const result =
      shape.kind === 'list'
        ? this.#listAgain(shape, held as unknown[], value as unknown[], parent)
        : withoutRisen(this.object(this.#fieldsOf(shape, value)!, value as Json, held as Json));
    return result === null && shape.nonNull ? NO_NULL : result;
  }

  #listAgain({ of }: ListShape, held: unknown[], value: unknown[], parent: string) {
    let hasRisen = false;
    const result = held.map((entry, index) => {
      this.#path.push(index);
      const again = this.#again(of, entry, value[index], parent);
      this.#path.pop();
      if (again === NO_NULL) hasRisen = true;
      return again;
    });
    return hasRisen ? null : result;
  }

  #fieldsOf(shape: ObjectShape, value: unknown): readonly FieldShape[] | undefined {
    if (typeof value !== 'object') throw new Error(notA('object', value, shape.text));
    const typename = (value as Json)['__typename'];
    if (typename !== undefined && typeof typename !== 'string') {
      const place = this.#path.join();
      throw new Error(
        `Invalid non-string value ${JSON.stringify(typename)} for __typename at ${place}`,
      );
    }
    return shape.fieldsOf(typename === '' ? undefined : typename);
  }

  #tell(what: string, { text }: ValueShape, parent: string): void {
    const at = this.#path.at(-1)!;
    const where =
      typeof at === 'string'
        ? `field ${parent}.${at}`
        : `array element of type ${text} at index ${at}`;
    this.errors.push(ERRORS.INVALID_GRAPHQL.err(`${what} ${where}.`, { path: [...this.#path] }));
  }
}

function withoutRisen(value: Json | Risen): Json | null {
  return value === NO_NULL ? null : value;
}

function listOf(value: unknown, text: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(notA('list', value, text));
}

function notA(kind: string, value: unknown, text: string): string {
  const type = kind === 'object' ? `composite type ${text}` : `list type ${text}`;
  return `Invalid non-${kind} value ${String(value)} returned by subgraph for ${type}`;
}
