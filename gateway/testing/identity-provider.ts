import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import { Provider } from 'oidc-provider';

export const HUB_AUDIENCE = 'https://hub.example';
const CLIENT = { id: 'control-room', secret: 'a secret of this test' };
const TOKEN_SECONDS = 300;

/** A real OpenID Connect provider that gives machines access tokens with the claims the hub reads. */
export class IdentityProvider {
  /** Requests for its keys, ever. */
  keyRequests = 0;
  /** The claims of the next tokens. */
  claims: Record<string, unknown> = {
    roles: ['dispatch'],
    areas: ['05', 'no area'],
    level: 'Land',
  };
  #server: Server | undefined;
  #port = 0;
  #key!: JWK;

  get issuer(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** With a new key; the second time, on the port of the first. */
  async start(): Promise<void> {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    this.#key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: uniqueId() };
    const server = createServer();
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    const respond = new Provider(this.issuer, this.#configuration()).callback();
    server.on('request', (request, response) => {
      if (request.url === '/jwks') this.keyRequests += 1;
      response.setHeader('connection', 'close'); // or clients would meet a closed one after a restart
      respond(request, response);
    });
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** By the client-credentials grant. */
  async token(): Promise<string> {
    const credentials = Buffer.from(`${CLIENT.id}:${encodeURIComponent(CLIENT.secret)}`);
    const response = await fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials.toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: HUB_AUDIENCE }),
    });
    const grant = (await response.json()) as { access_token?: string };
    if (grant.access_token === undefined) throw new Error(JSON.stringify(grant));
    return grant.access_token;
  }

  /** Signed with its key, but saying what this provider would not say. */
  async oddToken(
    payload: JWTPayload,
    header: { typ?: string | undefined; kid?: string } = {},
  ): Promise<string> {
    const usual = {
      iss: this.issuer,
      aud: HUB_AUDIENCE,
      sub: 'anna',
      iat: secondsFromNow(0),
      exp: secondsFromNow(60),
    };
    const { kid = this.#key.kid!, typ } = { typ: 'at+jwt', ...header };
    return new SignJWT({ ...usual, ...payload })
      .setProtectedHeader({ alg: 'ES256', kid, ...(typ === undefined ? {} : { typ }) })
      .sign(await importJWK(this.#key));
  }

  #configuration() {
    return {
      adapter: EmptyStore,
      jwks: { keys: [this.#key] },
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          id_token_signed_response_alg: 'ES256',
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      extraTokenClaims: () => this.claims,
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({
            scope: '',
            audience: HUB_AUDIENCE,
            accessTokenFormat: 'jwt',
            accessTokenTTL: TOKEN_SECONDS,
            jwt: { sign: { alg: 'ES256' } },
          }),
        },
      },
    };
  }
}

export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** Access tokens that are signed need no store. */
class EmptyStore {
  async upsert(): Promise<void> {}
  async find(): Promise<undefined> {}
  async destroy(): Promise<void> {}
}

let ids = 0;
const uniqueId = () => `key-${(ids += 1)}`;
