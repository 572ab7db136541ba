import type { WrittenOperation } from './validation.js';

/** Returns the operations that a module exports: texts, and lists of texts. Functions that build operations are passed over. */
export function operationsOfModule(file: string, module: object): WrittenOperation[] {
  return Object.entries(module).flatMap(([name, value]) =>
    [value].flat().flatMap((query) => {
      return typeof query === 'string' ? [{ where: `${file}, ${name}`, query }] : [];
    }),
  );
}

/** The beginning of a text that is an operation, with its keyword or without; no SQL and no prose. */
const OPERATION = /[`'"]\s*((query|mutation|subscription)\b[^`'";]*[({]|\{\s*[a-z]\w*\s*[({])/g;

/** Returns one line for each operation in a file in which nobody would validate it. */
export function strayOperations(file: string, text: string): string[] {
  return [...text.matchAll(OPERATION)].map(
    ({ index }) =>
      `${file}:${text.slice(0, index).split('\n').length}: an operation belongs in an operations.ts, whose exports are validated.`,
  );
}
