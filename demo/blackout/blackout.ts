import { HubClient } from '../client/hub-client.js';
import { pacer } from '../client/pacing.js';
import { PlayerError } from '../client/player-error.js';
import { runPlayer } from '../client/player.js';
import { senderOf } from '../client/requests.js';
import { originOf } from '../../shared/addresses.js';
import { closingTable } from './closing-table.js';
import { runBlackout } from './exercise.js';
import { readOptions, USAGE } from './options.js';

/** Hospitals report side by side, each with a token of its own. */
const CONNECTIONS = 16;

/** Runs the command and returns its exit status. SIGINT and SIGTERM bring the grid back after the current hour. */
export function main(args: string[]): Promise<number> {
  return runPlayer(async (settings, stop) => {
    const options = readOptions(args, `${originOf(settings)}/graphql`);
    if (!options) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (settings.oidcIssuer !== undefined) {
      throw new PlayerError(
        'OIDC_ISSUER is set. A blackout needs development tokens of several roles, so it can be played only into a hub that runs without it.',
      );
    }
    const advice = 'Play into a hub that was started with the same VIERBLATT_DATA.';
    const client = new HubClient(options.url, CONNECTIONS, advice);
    try {
      const result = await runBlackout({
        ...options,
        send: senderOf(client, settings),
        now: () => new Date(),
        due: pacer(options.speed, stop),
        report: (line) => void process.stdout.write(`${line}\n`),
      });
      process.stdout.write(`${closingTable(result)}\n`);
      return 0;
    } finally {
      await client.close();
    }
  });
}
