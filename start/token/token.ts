/** `npm run -s token`: prints a token of the development issuer, before the hub was ever started or while it runs. */
import { readSettings, SettingsError } from '../../shared/env.js';
import { issueDevelopmentToken } from '../../shared/identity/index.js';
import { openDataFolder } from '../host/data-folder.js';
import { StartRefusal } from '../host/refusal.js';
import { readTokenRequest } from './token-request.js';

try {
  const request = readTokenRequest(process.argv.slice(2));
  const { dataFolder, oidcAudience, oidcIssuer } = readSettings();
  if (oidcIssuer !== undefined) {
    throw new StartRefusal(
      `OIDC_ISSUER is ${oidcIssuer}: a hub with an issuer of its own takes no development tokens. ` +
        'Ask that issuer for a token, or leave OIDC_ISSUER out.',
    );
  }
  console.log(await issueDevelopmentToken(openDataFolder(dataFolder), oidcAudience, request));
} catch (error) {
  if (!(error instanceof StartRefusal || error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
