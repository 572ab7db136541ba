import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';

/** Seconds. A call takes far less, and a replay of days takes a fresh one for each call. */
const LIFETIME = 300;

/** Development tokens of a service that may report for all of Germany. */
export function serviceToken(dataFolder: string, audience: string): () => Promise<string> {
  const identity = {
    role: 'service',
    areas: [''],
    facilities: [],
    subject: 'replay',
    ttl: LIFETIME,
  };
  return () => issueDevelopmentToken(dataFolder, audience, identity);
}
