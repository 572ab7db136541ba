import { arrayOf, type Element, sparseArrayOf } from './arrays.js';

/**
 * Parts of SQL statements, written from the columns that a table has by `prisma/schema` (`generated/columns.ts`), so that
 * a new column reaches every statement that concerns the whole row without an edit.
 */
export interface Column {
  /** Its name in the database. */
  readonly name: string;
  /** Its type in PostgreSQL; of a list that of an element. Types of the schema are quoted. */
  readonly type: string;
  readonly isList: boolean;
}

/** Columns by the field that Prisma Client has for each. */
export type Columns<Field extends string = string> = Readonly<Record<Field, Column>>;

/** Returns the fields of columns, in the order of the table. */
export function fieldsOf<Field extends string>(columns: Columns<Field>): Field[] {
  return Object.keys(columns) as Field[];
}

/** Returns the named columns. */
export function pick<Field extends string, Picked extends Field>(
  columns: Columns<Field>,
  ...fields: readonly Picked[]
): Columns<Picked> {
  return only(columns, (field) => (fields as readonly string[]).includes(field));
}

/** Returns all columns but the named ones. */
export function omit<Field extends string, Omitted extends Field>(
  columns: Columns<Field>,
  ...fields: readonly Omitted[]
): Columns<Exclude<Field, Omitted>> {
  return only(columns, (field) => !(fields as readonly string[]).includes(field));
}

/** Returns the names as the database has them: `facility_id, category`, each behind `from`, if one is given. */
export function namesOf(columns: Columns, from?: string): string {
  return all(columns)
    .map(([, { name }]) => (from === undefined ? name : `${from}.${name}`))
    .join(', ');
}

/**
 * Returns what a SELECT gives to the program, each column under the name of its field: `b.observed_at AS "observedAt"`.
 * Lists of an enum are cast to text, because the driver cannot read arrays of types it does not know, and exact decimals to
 * float8, because it reads them as texts. `SelectedRow` is the type of the result.
 */
export function selectionOf(columns: Columns, from: string): string {
  return all(columns)
    .map(([field, { name, type, isList }]) => {
      const value = `${from}.${name}${castOf(type, isList)}`;
      return value === `${from}.${field}` ? value : `${value} AS "${field}"`;
    })
    .join(', ');
}

/** A row of the database as `selectionOf` selects it: exact decimals are numbers. */
export type SelectedRow<Row> = {
  [Field in keyof Row]: Row[Field] extends ExactDecimal
    ? number
    : Row[Field] extends ExactDecimal | null
      ? number | null
      : Row[Field];
};

interface ExactDecimal {
  toNumber(): number;
}

/** Returns a SET that overwrites the columns by those of `from`, by default the row that an upsert brings: `source = excluded.source`. */
export function overwritesOf(columns: Columns, from = 'excluded'): string {
  return all(columns)
    .map(([, { name }]) => `${name} = ${from}.${name}`)
    .join(', ');
}

/**
 * Returns a subquery that has rows passed as parameters, with the columns' names and types, and `ordinality`, the position of
 * each row from 1. The parameters are those of `recordValues`, one for each column from `$first` on.
 */
export function recordsOf(columns: Columns, first: number): string {
  const given = all(columns).map(([, column]) => column);
  const parameters = given.map(
    ({ type, isList }, n) => `$${first + n}::${isList ? 'text' : type}[]`,
  );
  const selected = given.map(({ name, type, isList }) =>
    isList ? `${name}::${type}[] AS ${name}` : name,
  );
  return `(
  SELECT ${selected.join(', ')}, ordinality
  FROM unnest(${parameters.join(', ')}) WITH ORDINALITY AS given (${namesOf(columns)}, ordinality)
)`;
}

/**
 * Returns a part of FROM that has rows passed as one JSON parameter, objects by field, as `given` with the columns' names and types,
 * and `ordinality`. A thousand rows of many columns take a third of the time that the arrays of `recordsOf` take.
 */
export function jsonRecordsOf(columns: Columns, parameter: number): string {
  const types = all(columns).map(
    ([field, { type, isList }]) => `"${field}" ${type}${isList ? '[]' : ''}`,
  );
  return `ROWS FROM (jsonb_to_recordset($${parameter}::jsonb) AS (${types.join(', ')}))
  WITH ORDINALITY AS given (${namesOf(columns)}, ordinality)`;
}

/**
 * Returns the parameters of `recordsOf`: one array for each column, in which each row has its value. Of a column that no row has a
 * value for it is empty, which reads as null; the first one is always whole and says how many rows there are.
 */
export function recordValues<Field extends string>(
  columns: Columns<Field>,
  rows: readonly Readonly<Record<Field, unknown>>[],
): string[] {
  return all(columns).map(([field, { type, isList }], position) => {
    if (isList && !isEnum(type)) {
      throw new Error(`${field} is a list of ${type}; only lists of an enum need no quoting.`);
    }
    const elements = rows.map((row) => elementOf(row[field]));
    return position === 0 ? arrayOf(elements) : sparseArrayOf(elements);
  });
}

/** A list is an element as its text: PostgreSQL takes an array of arrays for one of two dimensions. */
function elementOf(value: unknown): Element {
  return Array.isArray(value) ? arrayOf(value as Element[]) : (value as Element);
}

function castOf(type: string, isList: boolean): string {
  if (type === 'numeric') return isList ? '::float8[]' : '::float8';
  return isList && isEnum(type) ? '::text[]' : '';
}

function isEnum(type: string): boolean {
  return type.startsWith('"');
}

const all = <Field extends string>(columns: Columns<Field>) =>
  Object.entries(columns) as [Field, Column][];

function only<Field extends string>(
  columns: Columns,
  isMeant: (field: string) => boolean,
): Columns<Field> {
  return Object.fromEntries(all(columns).filter(([field]) => isMeant(field))) as Columns<Field>;
}
