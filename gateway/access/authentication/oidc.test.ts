import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import { DAY_SECONDS } from '../../../shared/time/rules.js';
import { HUB_AUDIENCE, IdentityProvider, secondsFromNow } from '../../testing/identity-provider.js';
import { Shop } from '../../testing/shop.js';
import { Watcher } from '../../testing/watcher.js';
import { authentication } from './authentication.js';

let provider: IdentityProvider;
beforeEach(async () => {
  provider = new IdentityProvider();
  await provider.start();
});
afterEach(() => provider.stop());

const authenticator = (settings: { oidcKeysEveryMs?: number } = { oidcKeysEveryMs: 0 }) => {
  const authenticate = authentication(
    { dataFolder: '', oidcIssuer: provider.issuer, oidcAudience: HUB_AUDIENCE, ...settings },
    pino({ level: 'silent' }),
  );
  return (token: string) => authenticate(`Bearer ${token}`);
};
const refused = (reason: string) => ({
  message: expect.stringContaining(reason),
  extensions: { code: 'UNAUTHENTICATED' },
});
const unavailable = {
  message: expect.not.stringContaining('127.0.0.1'),
  extensions: { code: 'SERVICE_UNAVAILABLE' },
};

describe('a token of the OpenID Connect provider', () => {
  it('says who somebody is and what he may', async () => {
    const identity = await authenticator()(await provider.token());
    expect(identity).toMatchObject({
      subject: 'control-room',
      claims: { roles: ['dispatch'], areas: ['05'], facilities: [], level: 'Land' },
    });
    expect(identity.claims.scopes).toContain('beds:report');
    expect(identity.expiresAt.getTime()).toBeGreaterThan(Date.now());
  });

  it('is refused by a hub for which it is not meant', async () => {
    await expect(
      authenticator()(await provider.oddToken({ aud: 'https://elsewhere.example' })),
    ).rejects.toMatchObject(refused(`expected is ${HUB_AUDIENCE}`));
  });

  it('is refused when it names another issuer', async () => {
    await expect(
      authenticator()(await provider.oddToken({ iss: 'https://elsewhere.example' })),
    ).rejects.toMatchObject(refused(`expected is ${provider.issuer}`));
  });

  it.each([
    ['31 seconds after its end', { exp: secondsFromNow(-31) }, 'The token expired'],
    ['before its time', { nbf: secondsFromNow(300) }, 'not valid yet'],
    ['without an end', { exp: undefined as never }, 'The claim "exp"'],
    ['without a subject', { sub: undefined as never }, 'The claim "sub"'],
  ])('is refused %s', async (_, payload, reason) => {
    const token = await provider.oddToken(payload);
    await expect(authenticator()(token)).rejects.toMatchObject(refused(reason));
  });

  it('is accepted by a clock that is a few seconds ahead or behind', async () => {
    const authenticate = authenticator();
    await authenticate(await provider.oddToken({ exp: secondsFromNow(-10) }));
    await authenticate(await provider.oddToken({ nbf: secondsFromNow(10) }));
  });

  it.each(['logout+jwt', 'dpop+jwt', 'application/secevent+jwt'])(
    'is refused when it is none for access but a %s',
    async (typ) => {
      await expect(authenticator()(await provider.oddToken({}, { typ }))).rejects.toMatchObject(
        refused('access token'),
      );
    },
  );

  it.each(['JWT', 'at+jwt', 'application/at+JWT'])('is accepted with the type %s', async (typ) => {
    await authenticator()(await provider.oddToken({}, { typ }));
  });

  it('is refused when it does not say that it is one for access', async () => {
    const untyped = await provider.oddToken({}, { typ: undefined });
    await expect(authenticator()(untyped)).rejects.toMatchObject(refused('access token'));
  });

  it.each([{ nonce: 'n' }, { at_hash: 'h' }, { typ: 'ID' }, { token_use: 'id' }])(
    'is refused when it is an ID token, as %j shows',
    async (claims) => {
      const token = await provider.oddToken(claims, { typ: 'JWT' });
      await expect(authenticator()(token)).rejects.toMatchObject(refused('not one of a login'));
    },
  );

  it('is refused a day after it was issued, whatever end it names, and one of a machine after 31 days', async () => {
    const issued = (daysAgo: number, roles: string[]) =>
      provider.oddToken({
        iat: secondsFromNow(-daysAgo * DAY_SECONDS),
        exp: secondsFromNow(9e9),
        roles,
      });
    const authenticate = authenticator();
    const { expiresAt } = await authenticate(await issued(0.5, ['dispatch']));
    expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 43_200_000);
    await expect(authenticate(await issued(1, ['dispatch']))).rejects.toMatchObject(
      refused('TOKEN_MAX_AGE'),
    );
    await authenticate(await issued(30, ['service']));
    await expect(authenticate(await issued(31, ['service']))).rejects.toMatchObject(
      refused('TOKEN_MAX_AGE'),
    );
    await expect(authenticate(await issued(30, ['service', 'dispatch']))).rejects.toMatchObject(
      refused('TOKEN_MAX_AGE'),
    );
  });

  it('is refused when it does not say when it was issued, or says a time to come', async () => {
    for (const iat of [undefined as never, secondsFromNow(600)]) {
      const token = await provider.oddToken({ iat });
      await expect(authenticator()(token)).rejects.toMatchObject(refused('The claim "iat"'));
    }
  });

  it('is refused when it is signed with a shared secret, or not at all', async () => {
    const claims = { iss: provider.issuer, aud: HUB_AUDIENCE, sub: 'anna', exp: 9_999_999_999 };
    const secret = new TextEncoder().encode('a shared secret that is long enough for HS256');
    const hmac = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${base64({ alg: 'none' })}.${base64(claims)}.AA`;
    for (const forged of [hmac, unsigned]) {
      await expect(authenticator()(forged)).rejects.toMatchObject(refused('not signed by'));
    }
  });

  it('may name an end that no clock will see', async () => {
    const { expiresAt } = await authenticator()(await provider.oddToken({ exp: 1e300 }));
    expect(expiresAt.getTime()).toBeGreaterThan(Date.now());
  });
});

describe('when the provider rotates its keys', () => {
  it('tokens of the new key are accepted, and those of the old one no longer', async () => {
    const authenticate = authenticator();
    const old = await provider.token();
    await authenticate(old);
    await provider.stop();
    await provider.start();
    await authenticate(await provider.token());
    await expect(authenticate(old)).rejects.toMatchObject(refused('not signed by'));
  });

  it('invented key ids do not cause a request for each of them', async () => {
    const authenticate = authenticator({});
    await authenticate(await provider.token());
    const requests = provider.keyRequests;
    for (const kid of ['a', 'b', 'c', 'd']) {
      const token = await provider.oddToken({}, { kid });
      await expect(authenticate(token)).rejects.toMatchObject(refused('not signed by'));
    }
    expect(provider.keyRequests).toBe(requests);
  });
});

describe('when the provider is unavailable', () => {
  it('that is an outage and no fault of the caller, and is over when it is back', async () => {
    const authenticate = authenticator();
    const token = await provider.token();
    await provider.stop();
    await expect(authenticate(token)).rejects.toMatchObject(unavailable);
    await provider.start();
    await authenticate(await provider.token());
  });

  it('those whose key is known are still let in', async () => {
    const authenticate = authenticator();
    const token = await provider.token();
    await authenticate(token);
    await provider.stop();
    await authenticate(token);
    const unknown = await provider.oddToken({}, { kid: 'unknown' });
    await expect(authenticate(unknown)).rejects.toMatchObject(unavailable);
  });
});

describe('a gateway that trusts a provider', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await Shop.open({ oidcIssuer: provider.issuer, oidcAudience: HUB_AUDIENCE });
  });
  afterEach(() => shop.close());
  const query = '{ whoAmI { areas roles } }';
  const data = { whoAmI: { areas: ['05'], roles: ['dispatch'] } };

  it('takes its tokens over HTTP, WebSockets and event streams alike', async () => {
    const authorization = `Bearer ${await provider.token()}`;
    expect((await shop.request(query, {}, authorization)).data).toEqual(data);

    const client = createClient({
      url: `${shop.gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
    });
    const watcher = new Watcher(client, { query });
    expect(await watcher.ended()).toBe('complete');
    expect(watcher.results).toEqual([{ data }]);
    await client.dispose();

    const stream = await fetch(`${shop.gateway.url}/graphql/stream`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization,
      },
      body: JSON.stringify({ query }),
    });
    expect(await stream.text()).toContain(JSON.stringify(data));
  });

  it('takes no development tokens', async () => {
    const token = await shop.token({ audience: HUB_AUDIENCE });
    const { status, errors } = await shop.request(query, {}, `Bearer ${token}`);
    expect(status).toBe(401);
    expect(errors?.[0]?.message).toContain(`Get a new one from ${provider.issuer}`);
  });
});
