import {
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  isSubtype,
  type CompositeType,
  type EnumType,
  type FieldSelection,
  type Operation,
  type ScalarType,
  type Schema,
  type SelectionSet,
  type Type,
} from '@apollo/federation-internals';
import { isSelected, type Conditions } from './conditions.js';
import { leafValues, type Accepts } from './leaf-values.js';

interface Shape {
  nonNull: boolean;
  /** The type as error messages name it. */
  text: string;
}
export interface LeafShape extends Shape {
  kind: 'leaf';
  accepts: Accepts;
}
export interface ListShape extends Shape {
  kind: 'list';
  of: ValueShape;
}
export interface ObjectShape extends Shape {
  kind: 'object';
  /** Returns the fields selected of an object of this type; undefined when the schema has no such type. */
  fieldsOf(typename: string | undefined): readonly FieldShape[] | undefined;
}
export type ValueShape = LeafShape | ListShape | ObjectShape;

export interface FieldShape {
  key: string;
  /** The type on which it is selected. */
  parent: string;
  /** Undefined for `__typename`. */
  value: ValueShape | undefined;
}

/**
 * The shape of the result of an operation with given conditions. Selections keep their order and are processed one after the
 * other, which determines the order of keys and which error is reported. The fields of each type of object are collected when
 * the first one occurs.
 */
export class ResultShape {
  readonly fields: readonly FieldShape[];
  readonly #schema: Schema;
  readonly #conditions: Conditions;

  constructor(operation: Operation, conditions: Conditions) {
    this.#schema = operation.schema();
    this.#conditions = conditions;
    const root = this.#schema.schemaDefinition.rootType(operation.rootKind);
    if (!root) throw new Error(`the schema has no ${operation.rootKind}`);
    this.fields = this.#fieldsOf(operation.selectionSet, root, undefined);
  }

  /** Returns the object type of this name; objects have no other types. */
  objectType(name: string): string | undefined {
    const type = this.#schema.type(name);
    return type && isObjectType(type) ? type.name : undefined;
  }

  isType(name: string): boolean {
    return this.#schema.type(name) !== undefined;
  }

  #fieldsOf(selections: SelectionSet, parent: CompositeType, typename: string | undefined) {
    const fields: FieldShape[] = [];
    this.#collect(selections, parent, typename, fields);
    return fields;
  }

  #collect(
    selectionSet: SelectionSet,
    parent: CompositeType,
    typename: string | undefined,
    fields: FieldShape[],
  ): void {
    for (const selection of selectionSet.selections()) {
      if (!isSelected(selection, this.#schema, this.#conditions)) continue;
      if (selection.kind === 'FieldSelection') {
        fields.push(this.#field(selection, parent));
        continue;
      }
      const { typeCondition } = selection.element;
      if (!this.#applies(typeCondition, typename, parent)) continue;
      this.#collect(selection.selectionSet, typeCondition ?? parent, typename, fields);
    }
  }

  #field({ element, selectionSet }: FieldSelection, parent: CompositeType): FieldShape {
    const key = element.responseName();
    const isTypename = element.name === '__typename';
    const type = element.definition.type!;
    const value = isTypename ? undefined : this.#valueShape(type, selectionSet);
    return { key, parent: parent.name, value };
  }

  #applies(
    condition: CompositeType | undefined,
    typename: string | undefined,
    parent: CompositeType,
  ): boolean {
    if (!condition) return true;
    const type = typename === undefined ? parent : this.#schema.type(typename);
    return type !== undefined && isSubtype(condition, type);
  }

  #valueShape(type: Type, selections: SelectionSet | undefined): ValueShape {
    if (isNonNullType(type))
      return { ...this.#valueShape(type.ofType as Type, selections), nonNull: true };
    const shape = { nonNull: false, text: String(type) };
    if (isListType(type)) {
      return { ...shape, kind: 'list', of: this.#valueShape(type.ofType as Type, selections) };
    }
    if (isCompositeType(type) && selections) {
      return { ...shape, kind: 'object', fieldsOf: this.#objectFields(type, selections) };
    }
    return { ...shape, kind: 'leaf', accepts: leafValues(type as ScalarType | EnumType) };
  }

  #objectFields(declared: CompositeType, selections: SelectionSet): ObjectShape['fieldsOf'] {
    const known = new Map<string | undefined, readonly FieldShape[]>();
    return (typename) => {
      const there = known.get(typename);
      if (there) return there;
      const type = typename === undefined ? declared : this.#schema.type(typename);
      if (!type || !isCompositeType(type)) return undefined;
      const fields = this.#fieldsOf(selections, type, typename);
      known.set(typename, fields);
      return fields;
    };
  }
}
