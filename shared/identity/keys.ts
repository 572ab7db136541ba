import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
  type JWSHeaderParameters,
} from 'jose';

/** Names of those who sign: a service, or the issuer of development tokens. */
export type Signer = 'gateway' | 'development-issuer' | (string & {});

export interface SigningKey {
  kid: string;
  key: CryptoKey;
}

const folderOf = (dataFolder: string) => join(dataFolder, 'keys');

/**
 * The Ed25519 key a signer signs with, made on first use. The private half is readable by its owner only (0600);
 * the public half lies beside it as `<signer>.public.json`, which is what the others trust.
 */
export async function signingKey(dataFolder: string, signer: Signer): Promise<SigningKey> {
  const folder = folderOf(dataFolder);
  const file = join(folder, `${signer}.private.json`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', {
      crv: 'Ed25519',
      extractable: true,
    });
    const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
    // Public first: whoever can sign is already trusted.
    writeWhole(join(folder, `${signer}.public.json`), { ...(await exportJWK(publicKey)), kid });
    writeWhole(file, { ...(await exportJWK(privateKey)), kid });
  }
  const jwk = JSON.parse(readFileSync(file, 'utf8')) as JWK & { kid: string };
  return { kid: jwk.kid, key: (await importJWK(jwk, 'EdDSA')) as CryptoKey };
}

/**
 * Finds the public key a token names among those of the given signers. An unknown key id reads the folder anew,
 * so a signer that was started or rotated later is known without a restart.
 */
export function publicKeys(dataFolder: string, isTrusted: (signer: string) => boolean) {
  let known = read();
  return async (header: JWSHeaderParameters): Promise<CryptoKey> => {
    if (!known.kids.has(header.kid ?? '')) known = read();
    return known.find({ alg: 'EdDSA', ...header });
  };

  function read() {
    const folder = folderOf(dataFolder);
    const keys = (existsSync(folder) ? readdirSync(folder) : [])
      .filter(
        (file) => file.endsWith('.public.json') && isTrusted(file.slice(0, -'.public.json'.length)),
      )
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as JWK);
    return { kids: new Set(keys.map((key) => key.kid)), find: createLocalJWKSet({ keys }) };
  }
}

/** Two processes may make the same file at once: each writes its own and renames, so no reader ever sees half a key. */
function writeWhole(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
