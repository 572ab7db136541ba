import { tokenMint } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { serverOf } from '../../shared/subgraph/index.js';
import { identityKeys, readRmiList } from './registry/index.js';
import { startPatients } from './patients.js';

await runService('patients', async (settings, log, tracing) => {
  const server = serverOf('patients', { settings, log, tracing });
  return startPatients({
    ...server,
    capacity: {
      url: settings.subgraphUrl.capacity,
      mint: await tokenMint(settings.dataFolder, 'patients'),
    },
    identityKeys: await identityKeys(settings),
    rmiList: await readRmiList(settings.pzcList),
    retentionDays: settings.retentionDays,
  });
});
