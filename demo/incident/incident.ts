import { HubClient } from '../client/hub-client.js';
import { pacer } from '../client/pacing.js';
import { runPlayer } from '../client/player.js';
import { PlayerError } from '../client/player-error.js';
import { showProgress } from '../client/progress.js';
import { originOf } from '../../shared/addresses.js';
import type { Settings } from '../../shared/env.js';
import { closingTable } from './closing-table.js';
import { NO_INTAKE, runExercise, stepsOf } from './exercise.js';
import { readOptions, USAGE, type IncidentOptions, type SyntheticOptions } from './options.js';
import { type SendAs, senderOf } from '../client/requests.js';
import { readRoster } from './roster.js';
import { scenes } from '../client/scene.js';
import { scenesAround, syntheticCasualties } from './steering/casualties.js';
import { closingTable as steeringTable } from './steering/closing-table.js';
import { runSteeredExercise } from './steering/exercise.js';

/** A roster is played in order, one request after the other; in a steered incident many act at once. */
const CONNECTIONS = { roster: 1, steered: 16 };

/** Runs the command and returns its exit status. SIGINT and SIGTERM send nobody else; patients under way are brought. */
export function main(args: string[]): Promise<number> {
  return runPlayer(async (settings, stop) => {
    const options = readOptions(args, `${originOf(settings)}/graphql`);
    if (!options) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (settings.oidcIssuer !== undefined) {
      throw new PlayerError(
        'OIDC_ISSUER is set. An incident needs development tokens of several roles, so it can be played only into a hub that runs without it.',
      );
    }
    return playInto(options, settings, stop);
  });
}

async function playInto(
  options: IncidentOptions,
  settings: Settings,
  stop: AbortSignal,
): Promise<number> {
  const { patients, url, speed } = options;
  const isRoster = typeof patients === 'string';
  const advice = 'Play into a hub that was started with the same VIERBLATT_DATA.';
  const connections = isRoster ? CONNECTIONS.roster : CONNECTIONS.steered;
  const client = new HubClient(url, connections, advice);
  const player = {
    send: senderOf(client, settings),
    now: () => new Date(),
    due: pacer(speed, stop),
  };
  try {
    return await (isRoster
      ? playRoster(patients, options, player)
      : playSteered(patients, options, player));
  } finally {
    await client.close();
  }
}

interface Player {
  send: SendAs;
  now: () => Date;
  due: () => Promise<boolean>;
}

async function playRoster(
  file: string,
  { scene }: IncidentOptions,
  player: Player,
): Promise<number> {
  const roster = await readRoster(file);
  const progress = showProgress(stepsOf(roster), 'steps', process.stdout);
  try {
    const result = await runExercise({ roster, scene, progress, ...player });
    progress.stop();
    process.stdout.write(`${closingTable(result)}\n`);
    return result.stayed.some(({ reason }) => reason === NO_INTAKE) ? 1 : 0;
  } finally {
    progress.stop();
  }
}

async function playSteered(
  { casualties, scenes: count, seed }: SyntheticOptions,
  { scene }: IncidentOptions,
  player: Player,
): Promise<number> {
  const result = await runSteeredExercise({
    ...player,
    casualties: syntheticCasualties(casualties, count, seed),
    scenes: scenesAround(scene, scenes(), count),
    report: (line) => void process.stdout.write(`${line}\n`),
    progress: (patients) => showProgress(patients, 'patients', process.stdout),
  });
  process.stdout.write(`${steeringTable(result)}\n`);
  return result.stayed.size > 0 ? 1 : 0;
}
