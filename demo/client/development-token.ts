import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import type { GiveToken } from './graphql-endpoint.js';

/** Seconds. A call takes far less, and whoever plays for days takes a fresh one for each call. */
const LIFETIME = 300;

/** For whom a command speaks. */
export interface Speaker {
  role: string;
  areas?: string[];
  facilities?: string[];
  subject: string;
}

/** Development tokens of a speaker, from the key in the hub's data folder. */
export function developmentToken(
  dataFolder: string,
  audience: string,
  { areas = [], facilities = [], ...speaker }: Speaker,
): GiveToken {
  const identity = { ...speaker, areas, facilities, ttl: LIFETIME };
  return () => issueDevelopmentToken(dataFolder, audience, identity);
}
