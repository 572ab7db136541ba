import { listenAddress, SettingsError } from '../../shared/env.js';
import { tokenMint, tokenVerifier } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { identityKeys, readRmiList } from './registry/index.js';
import { startPatients } from './patients.js';

await runService('patients', async (settings, log, tracing) => {
  const databaseUrl = settings.databaseUrl.patients;
  if (databaseUrl === undefined) {
    throw new SettingsError(
      'patients needs PATIENTS_DATABASE_URL, or `npm start`, which starts a database.',
    );
  }
  return startPatients({
    databaseUrl,
    migrationDatabaseUrl: settings.migrationDatabaseUrl.patients,
    responseMs: settings.subgraphTimeoutMs.patients,
    ...listenAddress(settings, 'patients'),
    verify: tokenVerifier(settings.dataFolder, 'patients', ['gateway']),
    capacity: {
      url: settings.subgraphUrl.capacity,
      mint: await tokenMint(settings.dataFolder, 'patients'),
    },
    identityKeys: await identityKeys(settings),
    rmiList: await readRmiList(settings.pzcList),
    retentionDays: settings.retentionDays,
    log,
    now: () => new Date(),
    tracing,
    timeouts: settings.timeouts,
  });
});
