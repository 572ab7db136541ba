import { join } from 'node:path';
import { SettingsError, type Settings } from '../../../../shared/env.js';
import { secretIn } from '../../../../shared/identity/index.js';
import { keysFrom } from './seal.js';

type KeySettings = Pick<Settings, 'patientsDataKey' | 'oidcIssuer' | 'dataFolder'>;

/**
 * The keys that seal identities: those of `PATIENTS_DATA_KEY`. A development hub without the setting makes one and keeps it
 * in its data folder, for its owner's eyes only; anywhere else the key must come from outside, because a key that lies
 * beside the data protects nobody. Throws SettingsError.
 */
export async function identityKeys({
  patientsDataKey,
  oidcIssuer,
  dataFolder,
}: KeySettings): Promise<Buffer[]> {
  if (patientsDataKey !== undefined) return readKeys(patientsDataKey);
  if (oidcIssuer !== undefined) {
    throw new SettingsError(
      'patients needs PATIENTS_DATA_KEY where OIDC_ISSUER is set: 32 bytes in base64, made once with `openssl rand -base64 32` and kept safe, because names cannot be read without it.',
    );
  }
  return readKeys(await secretIn(join(dataFolder, 'patients-data-key')));
}

function readKeys(text: string): Buffer[] {
  try {
    return keysFrom(text);
  } catch (error) {
    throw new SettingsError(
      `Setting PATIENTS_DATA_KEY cannot be used: ${(error as Error).message}.`,
    );
  }
}
