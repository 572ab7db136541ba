import { readFile } from 'node:fs/promises';
import { SettingsError } from '../../../../shared/env.js';
import type { RmiList } from './rules/pzc.js';

/**
 * Reads the active list of Rückmeldeindizes from a JSON file `{ "version": "...", "codes": ["332", ...] }`. The hub contains none:
 * every Land has its own, and no licence allows to distribute one. Throws SettingsError.
 */
export async function readRmiList(file: string | undefined): Promise<RmiList | undefined> {
  if (file === undefined) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw unusable(`${file} is not a JSON file; ${(error as Error).message}`);
  }
  const { version, codes } = Object(list) as { version: unknown; codes: unknown };
  if (
    typeof version !== 'string' ||
    version === '' ||
    !Array.isArray(codes) ||
    codes.length === 0
  ) {
    throw unusable(
      `${file} needs a version and codes, as { "version": "NRW 2026", "codes": ["332"] }`,
    );
  }
  const wrong: unknown = codes.find((code) => typeof code !== 'string' || !/^\d{3}$/.test(code));
  if (wrong !== undefined) {
    throw unusable(`codes are texts of three digits; received ${JSON.stringify(wrong)} in ${file}`);
  }
  return { version, codes: new Set(codes as string[]) };
}

function unusable(reason: string): SettingsError {
  return new SettingsError(`Setting PZC_LIST cannot be used: ${reason}.`);
}
