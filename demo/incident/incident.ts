import { developmentToken } from '../client/development-token.js';
import { GraphQLEndpoint } from '../client/graphql-endpoint.js';
import { paceOf } from '../client/pace.js';
import { patiently } from '../client/patience.js';
import { PlayerError } from '../client/player-error.js';
import { runPlayer } from '../client/player.js';
import { showProgress } from '../client/progress.js';
import { originOf } from '../../shared/addresses.js';
import type { Settings } from '../../shared/env.js';
import { closingTable } from './closing-table.js';
import { readOptions, USAGE, type IncidentOptions, type SyntheticOptions } from './options.js';
import { play, stepsOf } from './play.js';
import { readRoster } from './roster.js';
import { scenes } from './scene.js';
import type { Ask } from './speaking.js';
import { placesAround, syntheticCasualties } from './steering/casualties.js';
import { closingTable as steeredTable } from './steering/closing-table.js';
import { steer } from './steering/steered.js';

/** A roster is told in order, one call after the other; in a steered incident many act at once. */
const CONNECTIONS = { told: 1, steered: 16 };

/** Runs the command and returns its exit status. SIGINT and SIGTERM send nobody else off; those on the way are brought. */
export function main(args: string[]): Promise<number> {
  return runPlayer(async (settings, stop) => {
    const options = readOptions(args, `${originOf(settings)}/graphql`);
    if (!options) {
      process.stdout.write(`${USAGE}\n`);
      return 0;
    }
    if (settings.oidcIssuer !== undefined) {
      throw new PlayerError(
        'OIDC_ISSUER is set. An incident is played in the name of many, with development tokens, so only into a hub that runs without it.',
      );
    }
    return playInto(options, settings, stop);
  });
}

async function playInto(
  options: IncidentOptions,
  { dataFolder, oidcAudience }: Settings,
  stop: AbortSignal,
): Promise<number> {
  const { patients, url, speed } = options;
  const isTold = typeof patients === 'string';
  const advice = 'Play into a hub that was started with the same VIERBLATT_DATA.';
  const connections = isTold ? CONNECTIONS.told : CONNECTIONS.steered;
  const endpoint = new GraphQLEndpoint(url, connections, advice);
  // Every change carries a key or says what stands already, so that a call whose answer got lost may be sent again.
  const ask: Ask = (speaker, query, variables) =>
    patiently(NEVER, () => {
      const token = developmentToken(dataFolder, oidcAudience, speaker);
      return endpoint.ask(token, query, variables);
    });
  const player = { ask, now: () => new Date(), due: paceOf(speed, stop) };
  try {
    return await (isTold
      ? playRoster(patients, options, player)
      : playSteered(patients, options, player));
  } finally {
    await endpoint.close();
  }
}

interface Player {
  ask: Ask;
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
    const played = await play({ roster, scene, progress, ...player });
    progress.stop();
    process.stdout.write(`${closingTable(played)}\n`);
    return played.stayed.some(({ why }) => why === 'no house with a place') ? 1 : 0;
  } finally {
    progress.stop();
  }
}

async function playSteered(
  { casualties, places, seed }: SyntheticOptions,
  { scene }: IncidentOptions,
  player: Player,
): Promise<number> {
  const steered = await steer({
    ...player,
    casualties: syntheticCasualties(casualties, places, seed),
    places: placesAround(scene, scenes(), places),
    tell: (line) => void process.stdout.write(`${line}\n`),
    progress: (patients) => showProgress(patients, 'patients', process.stdout),
  });
  process.stdout.write(`${steeredTable(steered)}\n`);
  return steered.stayed.size > 0 ? 1 : 0;
}

/** A call that was begun is seen to its end: those on the way are brought. */
const NEVER = new AbortController().signal;
