import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE_MS } from '../time/rules.js';
import { forbidden, may, permit, type Caller } from './caller.js';
import { claimSetFrom, claimSetKey, ROLES } from './claims.js';
import { tokenMint, tokenVerifier } from './internal-tokens.js';

const caller = (claims: Record<string, unknown>): Caller => ({ claims: claimSetFrom(claims) });

describe('a claim set', () => {
  test('has the scopes of its roles, each once', () => {
    expect(claimSetFrom({ roles: ['hospital', 'spoc'] }).scopes).toEqual(
      [...new Set([...ROLES['hospital']!, ...ROLES['spoc']!])].sort(),
    );
  });
  test.each([
    ['an unknown role', { roles: ['emperor'] }],
    ['a role that is a word of the language', { roles: ['constructor', '__proto__'] }],
    ['roles that are no list', { roles: 'service' }],
    ['the role of the hub’s own services', { roles: ['subgraph'], areas: [''] }],
    ['no roles', {}],
  ])('gives no right for %s', (_, claims) => {
    expect(claimSetFrom(claims)).toMatchObject({ roles: [], scopes: [] });
  });
  test('drops areas that are no AGS prefix', () => {
    expect(claimSetFrom({ areas: ['05', '5', '0531', 5, '', '05315'] }).areas).toEqual([
      '',
      '05',
      '05315',
    ]);
  });
  test('is the same whatever the order its issuer wrote it in', () => {
    const a = claimSetFrom({ roles: ['spoc', 'hospital'], areas: ['09', '05'] });
    const b = claimSetFrom({ areas: ['05', '09'], roles: ['hospital', 'spoc', 'spoc'] });
    expect(claimSetKey(a)).toBe(claimSetKey(b));
  });
  test('of two persons is never the same, although their rights are', () => {
    const of = (professional?: string) =>
      claimSetKey(claimSetFrom({ roles: ['professional'], professional }));
    expect(new Set([of('a'), of('b'), of()]).size).toBe(3);
  });
  test('names no professional for what is no text', () => {
    expect(claimSetFrom({ professional: ['a'] })).not.toHaveProperty('professional');
  });
});

test('a client’s token that names the role of the hub’s services has only its other roles', () => {
  const { roles, scopes } = claimSetFrom({ roles: ['subgraph', 'service'], areas: [''] });
  expect(roles).toEqual(['service']);
  expect(scopes).not.toContain('sustainability:declare');
});

describe('a right', () => {
  const authority = caller({ roles: ['health-office'], areas: ['053'] });
  const facility = caller({ roles: ['hospital'], facilities: ['a'] });
  test('reaches as far as its area', () => {
    expect(may(authority, 'beds:report', { area: '05315' })).toBe(true);
    expect(may(authority, 'beds:report', { area: '05515' })).toBe(false);
    expect(may(authority, 'beds:report', { area: '05' })).toBe(false);
  });
  test('of a facility reaches to that facility', () => {
    expect(may(facility, 'beds:report', { facility: 'a', area: '05315' })).toBe(true);
    expect(may(facility, 'beds:report', { facility: 'b', area: '05315' })).toBe(false);
  });
  test('of a professional reaches to their own record, whatever area their token names', () => {
    const person = caller({ roles: ['professional'], areas: [''], professional: 'a' });
    expect(may(person, 'personnel:read', { professional: 'a', area: '05315' })).toBe(true);
    expect(may(person, 'personnel:read', { professional: 'b', area: '05315' })).toBe(false);
    expect(() => permit(person, 'personnel:read', { professional: 'b' })).toThrow(
      'the token covers one professional',
    );
  });
  test('of a hospital never reaches beyond its facilities, whatever area its token names', () => {
    const widened = caller({ roles: ['hospital'], facilities: ['a'], areas: ['', '05315'] });
    expect(may(widened, 'beds:report', { facility: 'a', area: '05315' })).toBe(true);
    expect(may(widened, 'beds:report', { facility: 'b', area: '05315' })).toBe(false);
    expect(may(widened, 'reservations:create', { area: '05315' })).toBe(false);
    expect(() => permit(widened, 'beds:report', { facility: 'b', area: '05315' })).toThrow(
      'the token covers one facility',
    );
  });
  test('of a hospital that is a health office too reaches as far as the office’s scopes', () => {
    const both = caller({ roles: ['hospital', 'health-office'], facilities: ['a'], areas: ['05'] });
    expect(may(both, 'beds:report', { facility: 'b', area: '05315' })).toBe(true);
    expect(may(both, 'closures:declare', { facility: 'b', area: '05315' })).toBe(false);
    expect(may(both, 'closures:declare', { facility: 'a', area: '05315' })).toBe(true);
  });
  test('without bounds needs the scope alone', () => {
    expect(may(authority, 'facilities:read')).toBe(true);
    expect(may(caller({ roles: ['partner'], areas: [''] }), 'facilities:read')).toBe(false);
  });
  test('that is missing is named with what the token has', () => {
    expect(() => permit(facility, 'beds:report', { facility: 'b' })).toThrow('covers one facility');
    expect(forbidden(caller({ roles: ['partner'] }), 'facilities:read').message).toContain(
      'partner',
    );
  });
});

describe('a token between services', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const claims = claimSetFrom({ roles: ['spoc'] });

  test('is accepted by the subgraph it was made for, with its claims and the acting human', async () => {
    const mint = await tokenMint(folder, 'gateway');
    const verify = tokenVerifier(folder, 'capacity', ['gateway']);
    expect(await verify(await mint({ claims }, 'capacity'))).toEqual({ claims });
    expect(await verify(await mint({ claims, subject: 'human' }, 'capacity'))).toEqual({
      claims,
      subject: 'human',
    });
  });
  test('for a mutation says so, and is never one that was minted for reading', async () => {
    const mint = await tokenMint(folder, 'gateway');
    const verify = tokenVerifier(folder, 'capacity', ['gateway']);
    const reading = await mint({ claims }, 'capacity');
    const changing = await mint({ claims, mayChange: true }, 'capacity');
    expect(await verify(changing)).toEqual({ claims, mayChange: true });
    expect(await mint({ claims }, 'capacity')).toBe(reading);
    expect(await verify(reading)).toEqual({ claims });
  });
  test('names the subgraph that asks in its own right, and none for the gateway', async () => {
    const verify = tokenVerifier(folder, 'capacity', ['gateway', 'patients']);
    const ofSubgraph = await (await tokenMint(folder, 'patients'))({ claims }, 'capacity');
    expect(await verify(ofSubgraph)).toEqual({ claims, subgraph: 'patients' });
    const ofGateway = await (await tokenMint(folder, 'gateway'))({ claims }, 'capacity');
    expect(await verify(ofGateway)).toEqual({ claims });
  });
  test('is refused by another subgraph, and from a signer that is not trusted', async () => {
    const token = await (await tokenMint(folder, 'gateway'))({ claims }, 'capacity');
    await expect(tokenVerifier(folder, 'patients', ['gateway'])(token)).rejects.toThrow();
    await expect(tokenVerifier(folder, 'capacity', ['patients'])(token)).rejects.toThrow();
  });
  test('is refused when another hub signed it', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'keys-'));
    const token = await (await tokenMint(elsewhere, 'gateway'))({ claims }, 'capacity');
    await tokenMint(folder, 'gateway');
    await expect(tokenVerifier(folder, 'capacity', ['gateway'])(token)).rejects.toThrow();
    await rm(elsewhere, { recursive: true });
  });
  test('lapses after five minutes and what clocks may differ by, and is renewed before', async () => {
    let now = Date.now();
    const mint = await tokenMint(folder, 'gateway', () => now);
    const verify = tokenVerifier(folder, 'capacity', ['gateway'], () => now);
    const first = await mint({ claims }, 'capacity');
    now += 2 * MINUTE_MS;
    expect(await mint({ claims }, 'capacity')).toBe(first);
    now += 2 * MINUTE_MS;
    const second = await mint({ claims }, 'capacity');
    expect(second).not.toBe(first);
    now += 15 * MINUTE_MS;
    expect(await verify(second)).toEqual({ claims });
    now += 2 * MINUTE_MS;
    await expect(verify(first)).rejects.toThrow();
  });
  test.each([-10, 10])(
    'is accepted by a service whose clock is %i minutes off',
    async (minutes) => {
      const mint = await tokenMint(folder, 'gateway');
      const clock = () => Date.now() + minutes * MINUTE_MS;
      const verify = tokenVerifier(folder, 'capacity', ['gateway'], clock);
      expect(await verify(await mint({ claims }, 'capacity'))).toEqual({ claims });
    },
  );
  test.each([-60, 60])('is minted again after a clock jumped by %i minutes', async (minutes) => {
    let now = Date.now();
    const mint = await tokenMint(folder, 'gateway', () => now);
    const verify = tokenVerifier(folder, 'capacity', ['gateway'], () => now);
    const before = await mint({ claims }, 'capacity');
    now += minutes * MINUTE_MS;
    const after = await mint({ claims }, 'capacity');
    expect(after).not.toBe(before);
    expect(await verify(after)).toEqual({ claims });
  });
  test('of a human is never taken from the cache for another', async () => {
    const mint = await tokenMint(folder, 'gateway');
    const verify = tokenVerifier(folder, 'capacity', ['gateway']);
    await mint({ claims }, 'capacity');
    await mint({ claims, subject: 'one' }, 'capacity');
    expect(await verify(await mint({ claims, subject: 'two' }, 'capacity'))).toMatchObject({
      subject: 'two',
    });
    expect(await verify(await mint({ claims }, 'capacity'))).toEqual({ claims });
  });
  test('is signed by a key that only its owner can read', async () => {
    await tokenMint(folder, 'gateway');
    const entries = await readdir(join(folder, 'keys'), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    expect(files).toHaveLength(2);
    for (const { parentPath, name } of files) {
      expect((await stat(join(parentPath, name))).mode & 0o777).toBe(0o600);
    }
  });
});
