import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '../root.js';
import { MINUTE_MS } from '../time/rules.js';
import { claimSetFrom } from './claims.js';
import { tokenMint, tokenVerifier } from './internal-tokens.js';
import { signingKey } from './keys.js';

const claims = claimSetFrom({ roles: ['spoc'] });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

const filesOf = async () => {
  const entries = await readdir(join(folder, 'keys'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(join(folder, 'keys'), join(parentPath, name)))
    .sort();
};

/** Signs as a process of its own does, and prints the token. */
async function tokenOfAnotherProcess(): Promise<string> {
  const module = JSON.stringify(projectPath('dist/shared/identity/internal-tokens.js'));
  const script = `const { tokenMint } = await import(${module});
    const mint = await tokenMint(${JSON.stringify(folder)}, 'gateway');
    process.stdout.write(await mint({ claims: ${JSON.stringify(claims)} }, 'capacity'));`;
  const run = promisify(execFile);
  return (await run(process.execPath, ['--input-type=module', '-e', script])).stdout;
}

describe('a key that many need first at the same time', () => {
  test('is one key, in one process', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => signingKey(folder, 'gateway')));
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
    expect(await filesOf()).toEqual([
      'gateway.private.json',
      `public/gateway/${keys[0]!.kid}.json`,
    ]);
  });

  test('is one key, in several processes, and all their tokens are accepted', async () => {
    const tokens = await Promise.all(Array.from({ length: 6 }, tokenOfAnotherProcess));
    const verify = tokenVerifier(folder, 'capacity', ['gateway']);
    for (const token of tokens) expect(await verify(token)).toEqual({ claims });
    expect(await filesOf()).toHaveLength(2);
  });
});

describe('a key that is rotated', () => {
  let now = Date.now();
  const clock = () => now;
  const rotate = () => unlink(join(folder, 'keys', 'gateway.private.json'));

  test('is accepted by those who run, beside the tokens of the old one', async () => {
    const mint = await tokenMint(folder, 'gateway', clock);
    const verify = tokenVerifier(folder, 'capacity', ['gateway'], clock);
    const old = await mint({ claims }, 'capacity');
    await verify(old);
    await rotate();
    const fresh = await (await tokenMint(folder, 'gateway', clock))({ claims }, 'capacity');
    expect(keyIdOf(fresh)).not.toBe(keyIdOf(old));
    expect(await verify(fresh)).toEqual({ claims });
    expect(await verify(old)).toEqual({ claims });
  });

  test('is found by a service that runs', async () => {
    const mint = await tokenMint(folder, 'gateway', clock);
    const old = await mint({ claims, subject: 'human' }, 'capacity');
    await rotate();
    now += 2 * MINUTE_MS;
    const fresh = await mint({ claims, subject: 'human' }, 'capacity');
    expect(keyIdOf(fresh)).not.toBe(keyIdOf(old));
    const verify = tokenVerifier(folder, 'capacity', ['gateway'], clock);
    expect(await verify(fresh)).toMatchObject({ claims });
  });

  test('is no longer trusted when its public half is removed, also by those who run', async () => {
    const mint = await tokenMint(folder, 'gateway', clock);
    const verify = tokenVerifier(folder, 'capacity', ['gateway'], clock);
    const old = await mint({ claims }, 'capacity');
    await verify(old);
    await rotate();
    await tokenMint(folder, 'gateway', clock);
    await unlink(join(folder, 'keys', 'public', 'gateway', `${keyIdOf(old)}.json`));
    now += 2 * MINUTE_MS;
    await expect(verify(old)).rejects.toThrow();
  });
});

function keyIdOf(token: string): string {
  const header = Buffer.from(token.split('.')[0]!, 'base64url').toString();
  return (JSON.parse(header) as { kid: string }).kid;
}
