import { AREAS, ROLES, type Identity, type Role } from './identity';

/** Choice of a role. Each choice fetches another token. */
export function IdentitySwitch({
  identity,
  onChange,
}: {
  identity: Identity;
  onChange(identity: Identity): void;
}) {
  return (
    <div className="sign-in">
      <label>
        acting as{' '}
        <select
          name="role"
          value={identity.role}
          onChange={({ target }) => onChange({ ...identity, role: target.value as Role })}
        >
          {Object.entries(ROLES).map(([role, name]) => (
            <option key={role} value={role}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        for{' '}
        <select
          name="area"
          value={identity.area}
          onChange={({ target }) => onChange({ ...identity, area: target.value })}
        >
          {AREAS.map(([ags, name]) => (
            <option key={ags} value={ags}>
              {name} {ags}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** For a hub that issues no tokens itself. */
export function TokenField({ onToken }: { onToken(token: string): void }) {
  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        const token = new FormData(event.currentTarget).get('token');
        if (typeof token === 'string') onToken(token.trim().replace(/^Bearer\s+/i, ''));
      }}
    >
      <input
        name="token"
        type="password"
        placeholder="Paste an access token"
        aria-label="Access token"
        autoComplete="off"
        required
      />
      <button>Use it</button>
    </form>
  );
}
