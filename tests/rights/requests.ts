import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { issueDevelopmentToken } from '../../shared/identity/development-issuer.js';
import type { RunningHub } from '../running-hub.js';

export interface Who {
  role: string;
  /** Without any it is somebody for all of Germany, with some for these alone. */
  facilities?: string[];
  organisations?: string[];
  subject?: string;
}

export interface GraphQLResponse {
  data?: any;
  errors?: { path?: (string | number)[]; extensions: { code: string } }[];
}

export function tokenOf(
  hub: RunningHub,
  { role, facilities = [], organisations = [], subject }: Who,
): Promise<string> {
  const areas = facilities.length + organisations.length > 0 ? [] : [''];
  return issueDevelopmentToken(hub.environment['VIERBLATT_DATA']!, 'vierblatt', {
    role,
    areas,
    facilities,
    organisations,
    subject,
    ttl: 600,
  });
}

/** Sends a query or mutation and returns the response. */
export async function request(
  { url }: RunningHub,
  token: string | undefined,
  query: string,
  variables: object,
): Promise<GraphQLResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLResponse;
}

/** Returns the first message of a subscription, or why there is none. */
export async function watch(
  { url }: RunningHub,
  token: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<GraphQLResponse> {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  try {
    const { value } = await client.iterate({ query, variables }).next();
    return value as GraphQLResponse;
  } catch (errors) {
    return { errors: errors as GraphQLResponse['errors'] & object };
  } finally {
    await client.dispose();
  }
}
