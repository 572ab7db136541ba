import { readFile } from 'node:fs/promises';
import { SettingsError } from '../../../../shared/env.js';
import type { RmiList } from './rules/pzc.js';

/**
 * The list of Rückmeldeindizes that is active here, from a JSON file `{ "version": "...", "codes": ["332", ...] }`. None comes
 * along: every Land has its own, and none is published under a licence that lets it be passed on. Throws SettingsError.
 */
export async function readRmiList(file: string | undefined): Promise<RmiList | undefined> {
  if (file === undefined) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw unusable(`${file} is to be a JSON file; ${(error as Error).message}`);
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
    throw unusable(`codes are texts of three digits; ${JSON.stringify(wrong)} came in ${file}`);
  }
  return { version, codes: new Set(codes as string[]) };
}

function unusable(why: string): SettingsError {
  return new SettingsError(`Setting PZC_LIST cannot be used: ${why}.`);
}
