import ts from 'typescript';
import type { PgType, ResultColumn } from './describer.js';

/** The fields of a declared row, by name. */
export type Fields = ReadonlyMap<string, { type: ts.Type; isOptional: boolean }>;

/** Types of PostgreSQL as the driver gives them to the program. */
const KINDS: Readonly<Record<string, 'boolean' | 'number' | 'string' | 'Date' | 'Buffer' | 'any'>> =
  {
    bool: 'boolean',
    int2: 'number',
    int4: 'number',
    float4: 'number',
    float8: 'number',
    oid: 'number',
    // Beyond what a number can hold exactly, so the driver gives text.
    int8: 'string',
    numeric: 'string',
    text: 'string',
    varchar: 'string',
    bpchar: 'string',
    name: 'string',
    uuid: 'string',
    regclass: 'string',
    timestamptz: 'Date',
    timestamp: 'Date',
    date: 'Date',
    bytea: 'Buffer',
    json: 'any',
    jsonb: 'any',
    void: 'any',
  };

export class RowTypes {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  /** The fields of a type as it stands in a call, in which type parameters stand for `types`. */
  fieldsOf(node: ts.TypeNode, types: ReadonlyMap<string, ts.Type>): Fields | undefined {
    if (ts.isIntersectionTypeNode(node)) {
      const parts = node.types.map((part) => this.fieldsOf(part, types));
      if (parts.includes(undefined)) return undefined;
      return new Map(parts.flatMap((part) => [...part!]));
    }
    const stated = this.#checker.getTypeFromTypeNode(node);
    const type = stated.isTypeParameter() ? types.get(stated.symbol.name) : stated;
    if (!type || type.isTypeParameter()) return undefined;
    return new Map(
      this.#checker.getPropertiesOfType(type).map((symbol) => [
        symbol.name,
        {
          type: this.#checker.getTypeOfSymbol(symbol),
          isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
        },
      ]),
    );
  }

  /**
   * Returns the faults of a declared row for what a statement returns; nothing if it is right. A row may declare some of the
   * columns. A list is never null, as Prisma writes it, whose lists have no NOT NULL.
   */
  differences(fields: Fields, columns: readonly ResultColumn[], text: string): string[] {
    const returned = new Map(columns.map((column) => [column.name, column]));
    return [
      ...[...fields]
        .filter(
          ([name, { isOptional }]) => !returned.has(name) && !isOptional && name !== '__typename',
        )
        .map(([name]) => `the row declares ${name}, which the statement does not return`),
      ...columns.flatMap((column) => {
        const field = fields.get(column.name);
        return field ? this.#misfits(field.type, column, text) : [];
      }),
    ];
  }

  #misfits(declared: ts.Type, column: ResultColumn, text: string): string[] {
    const { name, type, nullable } = column;
    const parts = declared.isUnion() ? declared.types : [declared];
    const missing = ts.TypeFlags.Null | ts.TypeFlags.Undefined;
    const values = parts.filter(({ flags }) => (flags & missing) === 0);
    const says = this.#checker.typeToString(declared);
    return [
      ...(values.every((value) => this.#fits(value, type))
        ? this.#lackingLabels(values, type).map(
            (label) => `${name} can be ${label}, and the row declares ${says}`,
          )
        : [`${name} is ${type.name}, and the row declares ${says}`]),
      ...(nullable &&
      values.length === parts.length &&
      type.element === undefined &&
      !isAnything(declared) &&
      !excludesNull(text, nullable)
        ? [`${name} can be null, and the row declares ${says}`]
        : []),
    ];
  }

  #fits(declared: ts.Type, type: PgType): boolean {
    if (isAnything(declared)) return true;
    if (type.element !== undefined) {
      // The driver gives an array of a type that it does not know as text.
      if (!KINDS[type.element]) return (declared.flags & ts.TypeFlags.StringLike) !== 0;
      const element = this.#checker.getIndexTypeOfType(declared, ts.IndexKind.Number);
      if (!element || (declared.flags & ts.TypeFlags.StringLike) !== 0) return false;
      const parts = element.isUnion() ? element.types : [element];
      return parts
        .filter(({ flags }) => (flags & ts.TypeFlags.Null) === 0)
        .every((part) =>
          this.#fits(part, { name: type.element!, labels: undefined, element: undefined }),
        );
    }
    const kind = type.labels ? 'string' : KINDS[type.name];
    if (kind === undefined) return false;
    switch (kind) {
      case 'boolean':
        return (declared.flags & ts.TypeFlags.BooleanLike) !== 0;
      case 'number':
        return (declared.flags & ts.TypeFlags.NumberLike) !== 0;
      case 'string':
        return (declared.flags & ts.TypeFlags.StringLike) !== 0;
      case 'Date':
        return declared.symbol?.name === 'Date';
      case 'Buffer':
        return ['Buffer', 'Uint8Array'].includes(declared.symbol?.name ?? '');
      case 'any':
        return true;
    }
  }

  /** Labels of an enum that a declared union of literals leaves out. */
  #lackingLabels(declared: readonly ts.Type[], { labels, element }: PgType): string[] {
    if (!labels || element !== undefined || !declared.every((type) => type.isStringLiteral()))
      return [];
    const known = declared.map((type) => type.value);
    return labels.filter((label) => !known.includes(label));
  }
}

const isAnything = ({ flags }: ts.Type) =>
  (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;

/**
 * Whether a statement returns only rows in which a column is not null, as far as its text shows: by a condition, or because it
 * stores the value that is passed.
 */
function excludesNull(text: string, column: string): boolean {
  const compared = '(IS NOT NULL|=|IN|>|<)';
  return new RegExp(
    [
      `\\b${column}"? ${compared}`,
      `\\b${column}\\b[^()]*\\) ${compared}`,
      `= \\w+\\.${column}\\b`,
      `INSERT INTO [^()]*\\([^()]*\\b${column}\\b`,
    ].join('|'),
  ).test(text);
}
