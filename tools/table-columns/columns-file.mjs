// JavaScript, because it runs before anything is compiled.
/** PostgreSQL's name of a Prisma type; the key is the native type where the schema names one, otherwise Prisma's own. */
const TYPES = {
  Uuid: 'uuid',
  Timestamptz: 'timestamptz',
  Date: 'date',
  ByteA: 'bytea',
  String: 'text',
  Int: 'int',
  BigInt: 'bigint',
  Float: 'float8',
  Boolean: 'boolean',
  Decimal: 'numeric',
  Json: 'jsonb',
  Bytes: 'bytea',
};

/** Words that name a column of PostgreSQL only in quotes, of those that a field may be called. */
const RESERVED = new Set(
  'all analyse analyze and any array as asc both case cast check collate column constraint create default desc distinct do else end except fetch for foreign from grant group having in initially into lateral leading limit not null offset on only or order placing primary references returning select some table then to trailing union unique user using variadic when where window with'.split(
    ' ',
  ),
);

/** The content of `generated/columns.ts` for a data model as Prisma hands it to generators (DMMF). */
export function columnsFile({ models }) {
  return `// Written by tools/table-columns.mjs from prisma/schema. Do not edit.
${models.map(tableOf).join('')}`;
}

function tableOf({ name, fields }) {
  const columns = fields
    .filter(({ kind }) => kind !== 'object')
    .map((field) => `  ${field.name}: ${columnOf(name, field)},\n`);
  return `
/** Columns of the table of model ${name}, by field. */
export const ${name[0].toLowerCase()}${name.slice(1)}Columns = {
${columns.join('')}} as const;
`;
}

function columnOf(model, { name, dbName, kind, type, nativeType, isList }) {
  const scalar = kind === 'enum' ? `"${type}"` : TYPES[nativeType?.[0] ?? type];
  if (!scalar) {
    throw new Error(
      `${model}.${name} has the type ${nativeType?.[0] ?? type}, which TYPES in tools/table-columns/columns-file.mjs does not name. Add it there.`,
    );
  }
  const column = dbName ?? name;
  return `{ name: '${RESERVED.has(column) ? `"${column}"` : column}', type: '${scalar}', isList: ${isList} }`;
}
