import { join } from 'node:path';
import { SettingsError } from '../env.js';
import { secretIn } from '../identity/index.js';
import { keysFrom } from './field-seal.js';

interface KeySetting {
  /** Name of the subgraph, for errors and for the file in the data folder. */
  subgraph: string;
  /** Name of the setting that holds the keys. */
  setting: string;
  /** The value of the setting; undefined where it is not set. */
  keys: string | undefined;
  dataFolder: string;
  /** Whether the hub is for development: nobody but developers may call it. */
  isDevelopment: boolean;
}

/**
 * Returns the keys that encrypt personal data: those of the setting. A development hub without the setting makes one and keeps
 * it in its data folder, readable for its owner alone; anywhere else the key must come from outside, because a key beside the
 * data protects nobody. Throws SettingsError.
 */
export async function sealKeys({
  subgraph,
  setting,
  keys,
  dataFolder,
  isDevelopment,
}: KeySetting): Promise<Buffer[]> {
  if (keys !== undefined) return readKeys(setting, keys);
  if (!isDevelopment) {
    throw new SettingsError(
      `${subgraph} needs ${setting} where OIDC_ISSUER is set: 32 bytes in base64, made once with \`openssl rand -base64 32\` and kept safe, because names cannot be read without it.`,
    );
  }
  return readKeys(setting, await secretIn(join(dataFolder, `${subgraph}-data-key`)));
}

function readKeys(setting: string, text: string): Buffer[] {
  try {
    return keysFrom(text);
  } catch (error) {
    throw new SettingsError(`Setting ${setting} cannot be used: ${(error as Error).message}.`);
  }
}
