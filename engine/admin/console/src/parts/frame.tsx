// What stands around every view: navigation, search, the engine's state, the theme.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { get } from '../api/client';
import type { Status } from '../api/types';
import { numberOf } from '../format';
import { usePoll } from '../poll';
import { type Route, to } from '../route';
import { session } from '../session';
import { Icon, type IconName, Mark } from './icon';
import { SearchBox } from './search_box';
import { ThemeSwitch } from './theme_switch';

const places: { name: string; label: string; icon: IconName }[] = [
  { name: '', label: 'Overview', icon: 'overview' },
  { name: 'live', label: 'Live messages', icon: 'live' },
  { name: 'conversations', label: 'Conversations', icon: 'conversations' },
  { name: 'webhooks', label: 'Webhook log', icon: 'webhooks' },
  { name: 'dead-letters', label: 'Dead letters', icon: 'letters' },
  { name: 'accounts', label: 'Accounts', icon: 'accounts' },
  { name: 'agents', label: 'Agents', icon: 'agents' },
];

const titles: Record<string, string> = { messages: 'Message', outbox: 'Outbox', ...Object.fromEntries(places.map((one) => [one.name, one.label])) };

function moveBetweenLinks(event: KeyboardEvent) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...(event.currentTarget as HTMLElement).querySelectorAll('a')];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = links[(at + (event.key === 'ArrowDown' ? 1 : -1) + links.length) % links.length];
  next?.focus();
  event.preventDefault();
}

function Pulse({ status, lost }: { status?: Status; lost: boolean }) {
  if (lost) return <span class="pulse bad" role="status">Not reachable, trying again</span>;
  if (!status) return <span class="pulse" role="status">Looking…</span>;
  if (!status.ready) return <span class="pulse warn" role="status">Not ready</span>;
  return <span class="pulse good" role="status">Ready</span>;
}

export function Frame({ route, children }: { route: Route; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const { data: status, error } = usePoll('frame', (signal) => get<Status>('/api/status', signal), 5_000);
  const here = route.path[0] === 'messages' ? 'conversations' : (route.path[0] ?? '');
  const address = route.path.join('/');

  useEffect(() => {
    setOpen(false);
    document.title = `${titles[route.path[0] ?? ''] ?? 'Not found'} · Parley`;
    if (!first.current) {
      main.current?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    first.current = false;
  }, [address]);

  useEffect(() => {
    const close = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, []);

  return (
    <div class={`frame${open ? ' nav-open' : ''}`}>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>To the content</a>
      <header class="top">
        <button class="icon-button menu" type="button" aria-label="Navigation" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
          <Icon name={open ? 'close' : 'menu'} />
        </button>
        <a class="brand" href={to()}><Mark /><span>Parley</span></a>
        <SearchBox />
        <Pulse status={status} lost={error !== undefined && error.status <= 0} />
        <ThemeSwitch />
        {session.key() && (
          <button class="icon-button" type="button" title="Sign out" aria-label="Sign out" onClick={() => session.signOut()}><Icon name="out" /></button>
        )}
      </header>
      <nav id="nav" class="nav" aria-label="Views" onKeyDown={moveBetweenLinks}>
        {places.map((place) => (
          <a href={to(...(place.name ? [place.name] : []))} aria-current={here === place.name ? 'page' : undefined}>
            <Icon name={place.icon} />
            <span>{place.label}</span>
            {place.name === 'dead-letters' && status && status.stored.dead_letters > 0 && <b class="count">{numberOf(status.stored.dead_letters)}</b>}
          </a>
        ))}
        <a class="aside" href="/docs"><Icon name="docs" /><span>API document</span></a>
        {status && <p class="version">Engine {status.version}</p>}
      </nav>
      <main id="main" class="main" ref={main} tabIndex={-1}>{children}</main>
    </div>
  );
}
