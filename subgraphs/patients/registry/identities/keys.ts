import type { Settings } from '../../../../shared/env.js';
import { sealKeys } from '../../../../shared/personal-data/index.js';

type KeySettings = Pick<Settings, 'patientsDataKey' | 'oidcIssuer' | 'dataFolder'>;

/** Returns the keys that encrypt identities; see `sealKeys` for where they come from. Throws SettingsError. */
export function identityKeys({
  patientsDataKey,
  oidcIssuer,
  dataFolder,
}: KeySettings): Promise<Buffer[]> {
  return sealKeys({
    subgraph: 'patients',
    setting: 'PATIENTS_DATA_KEY',
    keys: patientsDataKey,
    dataFolder,
    isDevelopment: oidcIssuer === undefined,
  });
}
