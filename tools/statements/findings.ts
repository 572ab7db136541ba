import type { Describer } from './describer.js';
import type { RowTypes } from './row-types.js';
import type { Statement } from './statement-reader.js';

/** Returns the faults of a statement in a database; none if it is right. */
export async function findingsOf(
  { at, text, values, fields, readsRows }: Statement,
  describer: Describer,
  rows: RowTypes,
): Promise<string[]> {
  const description = await describer.describe(text).catch((error: unknown) => error as Error);
  if (description instanceof Error) return [`${at}: ${description.message}, in\n${text.trim()}`];
  const { parameters, columns } = description;
  const findings = [
    ...(values !== undefined && values !== parameters
      ? [`the statement has ${parameters} parameters, and ${values} values are passed`]
      : []),
    ...(fields ? rows.differences(fields, columns, text) : []),
    ...(!fields && readsRows && columns.length > 0
      ? ['rows are read, and no type is declared for them']
      : []),
  ];
  return findings.map((finding) => `${at}: ${finding}`);
}
