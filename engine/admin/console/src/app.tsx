// The whole page: sign-in first, then the frame with the view that the address names.
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { Frame } from './parts/frame';
import { Closed, SignIn } from './parts/sign_in';
import { Nothing } from './parts/notice';
import { type Route, to, useRoute } from './route';
import { session } from './session';
import { Accounts } from './views/accounts';
import { Account } from './views/account';
import { Agents } from './views/agents';
import { Conversation } from './views/conversation';
import { Conversations } from './views/conversations';
import { DeadLetter } from './views/dead_letter';
import { DeadLetters } from './views/dead_letters';
import { Live } from './views/live';
import { MessageView } from './views/message';
import { Outbox } from './views/outbox';
import { Overview } from './views/overview';
import { Webhook } from './views/webhook';
import { Webhooks } from './views/webhooks';

function view({ path, query }: Route): JSX.Element {
  const [name = '', first, second] = path;
  switch (name) {
    case '':
      return <Overview />;
    case 'live':
      return <Live deployment={query.get('deployment')} />;
    case 'conversations':
      if (first && second) return <Conversation owner={first} user={second} key={`${first}/${second}`} />;
      return <Conversations user={query.get('user')} deployment={query.get('deployment')} />;
    case 'messages':
      if (first) return <MessageView id={first} key={first} />;
      break;
    case 'webhooks':
      if (first) return <Webhook id={first} key={first} />;
      return <Webhooks outcome={query.get('outcome')} contains={query.get('contains')} />;
    case 'dead-letters':
      if (first) return <DeadLetter id={first} key={first} />;
      return <DeadLetters />;
    case 'outbox':
      return <Outbox queued={query.get('state') === 'queued'} />;
    case 'accounts':
      if (first) return <Account id={first} key={first} />;
      return <Accounts />;
    case 'agents':
      return <Agents />;
  }
  return (
    <Nothing title="There is no such page">
      The address may be an old one. <a href={to()}>Back to the overview</a>
    </Nothing>
  );
}

export function App() {
  const [state, setState] = useState(session.state());
  const route = useRoute();
  useEffect(() => session.subscribe(setState), []);
  useEffect(() => void session.begin(), []);
  if (state.is === 'looking') return <div class="curtain" aria-busy="true" />;
  if (state.is === 'closed') return <Closed />;
  if (state.is === 'signed_out') return <SignIn why={state.why} />;
  return <Frame route={route}>{view(route)}</Frame>;
}
