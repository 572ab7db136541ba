import { join } from 'node:path';
import { secretIn, tokenMint } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { serverOf } from '../../shared/subgraph/index.js';
import { startPersonnel } from './personnel.js';

await runService('personnel', async (settings, log, tracing) => {
  const server = serverOf('personnel', { settings, log, tracing });
  const secret = await secretIn(join(settings.dataFolder, 'personnel-call-secret'));
  return startPersonnel({
    ...server,
    capacity: {
      url: settings.subgraphUrl.capacity,
      mint: await tokenMint(settings.dataFolder, 'personnel'),
    },
    callSecrets: [Buffer.from(secret, 'base64')],
  });
});
