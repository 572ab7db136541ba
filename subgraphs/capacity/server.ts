import { join } from 'node:path';
import { secretIn } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { serverOf } from '../../shared/subgraph/index.js';
import { startCapacity } from './capacity.js';

await runService('capacity', async (settings, log, tracing) => {
  const server = serverOf('capacity', {
    settings,
    log,
    tracing,
    callers: ['patients', 'supply', 'personnel'],
  });
  const secret = await secretIn(join(settings.dataFolder, 'capacity-call-secret'));
  return startCapacity({
    ...server,
    callSecrets: [Buffer.from(secret, 'base64')],
    wordsRetentionDays: settings.retentionDays.capacityWords,
  });
});
