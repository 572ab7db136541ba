import { parseArgs } from 'node:util';
import { StartRefusal } from '../host/refusal.js';

/** The lists that can be imported. */
const LISTS = ['medicines', 'notices'] as const;

/** A list to import, and its file. */
export interface ImportRequest {
  list: (typeof LISTS)[number];
  file: string;
  /** Whether a list of notices may lack more than half of the stored ones. */
  acceptsRemovals: boolean;
}

/** Reads the arguments of the command. Throws StartRefusal with the usage. */
export function readImportRequest(args: readonly string[]): ImportRequest {
  const { values, positionals } = parse(args);
  const [name, file, ...others] = positionals;
  const list = LISTS.find((one) => one === name);
  const acceptsRemovals = values['accept-removals'] ?? false;
  if (!list || !file || others.length > 0 || (acceptsRemovals && list !== 'notices')) throw usage();
  return { list, file, acceptsRemovals };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { 'accept-removals': { type: 'boolean' } },
      allowPositionals: true,
    });
  } catch {
    throw usage();
  }
}

function usage(): StartRefusal {
  return new StartRefusal(
    'Expected one file: npm run import:medicines -- FILE, or npm run import:notices -- FILE [--accept-removals].',
  );
}
