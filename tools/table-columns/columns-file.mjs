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
  return `{ name: '${dbName ?? name}', type: '${scalar}', isList: ${isList} }`;
}
