import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from './environment.js';
import { claimSetFrom } from '../shared/identity/claims.js';
import { developmentVerifier } from '../shared/identity/development-issuer.js';
import { projectPath } from '../shared/root.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vierblatt-token-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function token(line: string, settings: Record<string, string> = {}) {
  const env = cleanEnvironment({ VIERBLATT_DATA: join(folder, 'data'), ...settings });
  return new Promise<{ status: number; output: string; complaint: string }>((resolve) => {
    execFile(
      'npm',
      ['run', '--silent', '--prefix', projectPath(), 'token', '--', ...line.split(' ')],
      { env, cwd: '/' },
      (error, output, complaint) =>
        resolve({ status: Number(error?.code ?? 0), output, complaint }),
    );
  });
}

describe('npm run -s token', () => {
  it('prints a token that the hub of this data folder takes, and nothing else, before any start', async () => {
    const { status, output, complaint } = await token(
      '--role crisis-staff --area 05 --subject jo --ttl 600',
    );
    expect({ status, complaint }).toEqual({ status: 0, complaint: '' });
    expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);

    const claims = await developmentVerifier(join(folder, 'data'), 'vierblatt')(output.trim());
    expect(claimSetFrom(claims)).toMatchObject({ roles: ['crisis-staff'], areas: ['05'] });
    expect(claims['sub']).toBe('jo');
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(600);
  });

  it('refuses in one line, and prints no token then', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const [line, settings, reason] of [
      ['--role boss', {}, /^There is no role "boss"\. Use one of .*\n$/],
      [
        '--role spoc',
        { OIDC_ISSUER: 'https://issuer.example' },
        /^OIDC_ISSUER is https:\/\/issuer\.example: .*\n$/,
      ],
      [
        '--role spoc',
        { VIERBLATT_DATA: join(folder, 'file', 'data') },
        /^The data folder .* cannot be written.*\n$/,
      ],
    ] as const) {
      expect(await token(line, settings)).toEqual({
        status: 1,
        output: '',
        complaint: expect.stringMatching(reason),
      });
    }
  });
});
