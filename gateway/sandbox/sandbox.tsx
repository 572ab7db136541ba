import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { connect } from './fetcher';
import {
  developmentSession,
  NoTokenError,
  pastedSession,
  type Identity,
  type Session,
} from './identity';
import { SAMPLE_TABS } from './operations';
import { IdentitySwitch, TokenField } from './sign-in';

export function Sandbox() {
  const [identity, setIdentity] = useState<Identity>({ role: 'crisis-staff', area: '05' });
  const [session, setSession] = useState<Session>();
  const [state, setState] = useState<'requesting' | 'issued' | 'refused' | 'unreachable'>(
    'requesting',
  );

  useEffect(() => {
    let replaced = false;
    const chosen = developmentSession(identity);
    // Operations that start before the token arrives wait for it, so that none runs with that of an earlier choice.
    setSession((earlier) => earlier && chosen);
    chosen.token().then(
      () => {
        if (replaced) return;
        setSession(chosen);
        setState('issued');
      },
      (error: unknown) => {
        if (replaced) return;
        setSession(undefined);
        setState(error instanceof NoTokenError ? 'refused' : 'unreachable');
      },
    );
    return () => {
      replaced = true;
    };
  }, [identity]);

  return (
    <>
      <header className="masthead">
        <Leaf />
        <h1>Vierblatt</h1>
        <a className="elsewhere" href={APOLLO_SANDBOX} target="_blank" rel="noreferrer">
          Apollo Sandbox (online)
        </a>
        {state === 'issued' && <IdentitySwitch identity={identity} onChange={setIdentity} />}
        {state === 'refused' && (
          <TokenField onToken={(token) => setSession(pastedSession(token))} />
        )}
      </header>
      {session ? <Explorer session={session} /> : <p className="notice">{NOTICES[state]}</p>}
    </>
  );
}

/** For developers who are online; it sends requests to this hub from the browser, with a token that they enter. */
const APOLLO_SANDBOX = `https://studio.apollographql.com/sandbox/explorer?${new URLSearchParams({
  endpoint: new URL('/graphql', location.href).href,
})}`;

const NOTICES = {
  requesting: 'Requesting a token from the hub …',
  issued: '',
  refused:
    'This hub has an identity provider of its own and issues no tokens here. Paste one above to begin. It stays in this page and is forgotten when you close it.',
  unreachable: 'The hub does not answer. See whether it runs, then reload this page.',
};

function Explorer({ session }: { session: Session }) {
  const connection = useMemo(() => connect(session), [session]);
  useEffect(() => () => connection.close(), [connection]);
  return (
    <main>
      {/* The identity is chosen above, so the headers need no editor and no token gets into the browser's storage. */}
      <GraphiQL
        fetcher={connection.fetcher}
        defaultTabs={SAMPLE_TABS}
        isHeadersEditorEnabled={false}
        shouldPersistHeaders={false}
        showPersistHeadersSettings={false}
        defaultEditorToolsVisibility={false}
      >
        <GraphiQL.Logo>{null}</GraphiQL.Logo>
      </GraphiQL>
    </main>
  );
}

function Leaf() {
  return (
    <svg className="leaf" viewBox="0 0 24 24" aria-hidden>
      <circle cx="8" cy="8" r="5" />
      <circle cx="16" cy="8" r="5" />
      <circle cx="8" cy="16" r="5" />
      <circle cx="16" cy="16" r="5" />
    </svg>
  );
}
