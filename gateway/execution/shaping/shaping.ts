import { ERRORS } from '@apollo/federation-internals';
import type { GraphQLError } from 'graphql';
import type { JsonObject } from '../fetching/index.js';
import type {
  FieldShape,
  ListShape,
  ObjectShape,
  ResultShape,
  ValueShape,
} from './result-shape.js';

/** A null at a position where the schema does not allow it: it propagates to the parent. */
const PROPAGATED_NULL = Symbol('a propagated null');
type PropagatedNull = typeof PROPAGATED_NULL;

/** Shapes the fetched data into the result that the client selected. */
export function shaped(shape: ResultShape, fetched: JsonObject) {
  const shaping = new Shaping(shape);
  const data = shaping.object(shape.fields, fetched, {});
  return { data: data === PROPAGATED_NULL ? null : data, errors: shaping.errors };
}

class Shaping {
  readonly errors: GraphQLError[] = [];
  readonly #shape: ResultShape;
  /** From the root to the current value. */
  readonly #path: (string | number)[] = [];

  constructor(shape: ResultShape) {
    this.#shape = shape;
  }

  /** Adds the selected fields to `output`, which is new or the result of another selection of the same object. */
  object(
    fields: readonly FieldShape[],
    input: JsonObject,
    output: JsonObject,
  ): JsonObject | PropagatedNull {
    for (const field of fields) {
      const { key, value: shape } = field;
      const held = output[key];
      if (!shape) {
        if (held !== undefined) continue;
        const typename = this.#typename(field, input);
        if (typename === undefined) return PROPAGATED_NULL;
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
          : this.#merge(shape, held, value, field.parent);
      this.#path.pop();
      if (result === PROPAGATED_NULL) return PROPAGATED_NULL;
      output[key] = result;
    }
    return output;
  }

  #typename({ key, parent }: FieldShape, input: JsonObject): string | undefined {
    const value = input[key] ?? input['__typename'];
    const name = typeof value === 'string' && this.#shape.isType(value) ? value : parent;
    return this.#shape.objectType(name);
  }

  #value(shape: ValueShape, value: unknown, parent: string): unknown {
    if (value === undefined || value === null) {
      if (shape.nonNull) this.#report(`Cannot return null for non-nullable`, shape, parent);
      return shape.nonNull ? PROPAGATED_NULL : null;
    }
    const result = this.#nullable(shape, value, parent);
    return result === null && shape.nonNull ? PROPAGATED_NULL : result;
  }

  /** Returns null where a value below is invalid, which is already reported. */
  #nullable(shape: ValueShape, value: unknown, parent: string): unknown {
    switch (shape.kind) {
      case 'leaf':
        if (shape.accepts(value)) return value;
        this.#report('Invalid value found for', shape, parent);
        return null;
      case 'list':
        return this.#list(shape, value, parent);
      case 'object': {
        const fields = this.#fieldsOf(shape, value);
        if (fields) return nullIfPropagated(this.object(fields, value as JsonObject, {}));
        this.#report('Invalid __typename found for object at', shape, parent);
        return null;
      }
    }
  }

  #list({ of, text }: ListShape, value: unknown, parent: string): unknown[] | null {
    const entries = listOf(value, text);
    const path = this.#path;
    const result: unknown[] = [];
    let becomesNull = false;
    for (let index = 0; index < entries.length; index += 1) {
      path.push(index);
      const entry = this.#value(of, entries[index], parent);
      path.pop();
      if (entry === PROPAGATED_NULL) becomesNull = true;
      result.push(entry);
    }
    return becomesNull ? null : result;
  }

  /** Merges into the result of another selection: null stays null, and a leaf stays as it is. */
  #merge(shape: ValueShape, held: unknown, value: unknown, parent: string): unknown {
    if (held === null || shape.kind === 'leaf') return held;
    const result =
      shape.kind === 'list'
        ? this.#mergeList(shape, held as unknown[], value as unknown[], parent)
        : nullIfPropagated(
            this.object(this.#fieldsOf(shape, value)!, value as JsonObject, held as JsonObject),
          );
    return result === null && shape.nonNull ? PROPAGATED_NULL : result;
  }

  #mergeList({ of }: ListShape, held: unknown[], value: unknown[], parent: string) {
    let becomesNull = false;
    const result = held.map((entry, index) => {
      this.#path.push(index);
      const merge = this.#merge(of, entry, value[index], parent);
      this.#path.pop();
      if (merge === PROPAGATED_NULL) becomesNull = true;
      return merge;
    });
    return becomesNull ? null : result;
  }

  #fieldsOf(shape: ObjectShape, value: unknown): readonly FieldShape[] | undefined {
    if (typeof value !== 'object') throw new Error(notA('object', value, shape.text));
    const typename = (value as JsonObject)['__typename'];
    if (typename !== undefined && typeof typename !== 'string') {
      const path = this.#path.join();
      throw new Error(
        `Invalid non-string value ${JSON.stringify(typename)} for __typename at ${path}`,
      );
    }
    return shape.fieldsOf(typename === '' ? undefined : typename);
  }

  #report(what: string, { text }: ValueShape, parent: string): void {
    const at = this.#path.at(-1)!;
    const where =
      typeof at === 'string'
        ? `field ${parent}.${at}`
        : `array element of type ${text} at index ${at}`;
    this.errors.push(ERRORS.INVALID_GRAPHQL.err(`${what} ${where}.`, { path: [...this.#path] }));
  }
}

function nullIfPropagated(value: JsonObject | PropagatedNull): JsonObject | null {
  return value === PROPAGATED_NULL ? null : value;
}

function listOf(value: unknown, text: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(notA('list', value, text));
}

function notA(kind: string, value: unknown, text: string): string {
  const type = kind === 'object' ? `composite type ${text}` : `list type ${text}`;
  return `Invalid non-${kind} value ${String(value)} returned by subgraph for ${type}`;
}
