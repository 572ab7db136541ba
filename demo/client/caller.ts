import { issueDevelopmentToken } from '../../shared/identity/index.js';
import type { TokenSource } from './hub-client.js';

/** Seconds. A request takes far less, and a command that runs for days requests a new token for each. */
const LIFETIME = 300;

/** The identity under which a command sends a request. */
export interface Caller {
  role: string;
  areas?: string[];
  facilities?: string[];
  organisations?: string[];
  subject: string;
}

/** Returns a source of development tokens of a caller, signed with the key in the hub's data folder. */
export function developmentTokens(
  dataFolder: string,
  audience: string,
  { areas = [], facilities = [], ...caller }: Caller,
): TokenSource {
  const identity = { ...caller, areas, facilities, ttl: LIFETIME };
  return () => issueDevelopmentToken(dataFolder, audience, identity);
}
