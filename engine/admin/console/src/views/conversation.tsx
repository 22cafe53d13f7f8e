// What one person and one number have said to each other.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError, address, get, remove, segment } from '../api/client';
import type { History, Message, Page } from '../api/types';
import { useFeed } from '../feed';
import { dayOf, momentOf, personOf, plural, timeOf } from '../format';
import { Action } from '../parts/action';
import { Annotations } from '../parts/annotations';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { OlderButton } from '../parts/older_button';
import { StateChip, toneOf } from '../parts/state_chip';
import { to } from '../route';
import { nameOf } from './conversations';

// Waiting for longer than this is worth a word.
const patience = 60_000;

function whyUnanswered(message: Message): string | null {
  if (message.direction !== 'in') return null;
  if (message.state === 'dead') return message.error?.text ?? 'No agent could answer this.';
  if (message.state === 'unrouted') return 'Its number has no deployment.';
  if (message.state === 'received' && Date.now() - Date.parse(message.at) > patience) return 'Still waits for its turn.';
  return null;
}

function Bubble({ message }: { message: Message }) {
  const why = whyUnanswered(message) ?? message.error?.text;
  return (
    <li class={`bubble-line ${message.direction}`}>
      <a class={`bubble ${toneOf(message.state)}`} href={to('messages', message.id)}>
        <span class="text">{message.text || <em>{message.type}</em>}</span>
        {why && <span class="why">{why}</span>}
        <span class="foot">
          <time dateTime={message.at}>{timeOf(message.at)}</time>
          <StateChip message={message} />
        </span>
        <Annotations of={message.annotations} />
      </a>
    </li>
  );
}

// The page stays where it is when older messages come in above, and at its end when it was there.
function useSteadyScroll(rows: Message[] | undefined) {
  const before = useRef<{ first?: string; last?: string; height: number }>({ height: 0 });
  useLayoutEffect(() => {
    if (!rows || rows.length === 0) return;
    const page = document.documentElement;
    const { first, last, height } = before.current;
    const isAtEnd = height === 0 || scrollY + innerHeight > height - 60;
    if (last !== rows.at(-1)!.id && isAtEnd) scrollTo(0, page.scrollHeight);
    else if (first !== rows[0]!.id) scrollBy(0, page.scrollHeight - height);
    before.current = { first: rows[0]!.id, last: rows.at(-1)!.id, height: page.scrollHeight };
  });
}

function Line({ history }: { history: History }) {
  const { window: open } = history;
  return (
    <>
      {personOf(history.user)} with {history.deployment ?? `number ${history.phone_number_id}, which has no deployment`}
      {' · '}
      {open.open
        ? <span class="good-text">free-form replies until {open.until ? momentOf(open.until) : 'further notice'}</span>
        : <span class="warn-text">the 24-hour window is closed: only templates reach this person</span>}
    </>
  );
}

export function Conversation({ owner, user }: { owner: string; user: string }) {
  const path = `/api/conversations/${segment(owner)}/${segment(user)}`;
  const [history, setHistory] = useState<History>();
  const feed = useFeed<Message>(path, async (after, signal): Promise<Page<Message>> => {
    const page = await get<History>(address(path, { after, limit: 50 }), signal);
    if (!after) setHistory(page);
    return { data: [...page.data].reverse(), next: page.next };
  }, (row) => row.id, 3_000);
  const rows = feed.data && [...feed.data].reverse();
  useSteadyScroll(rows);
  const unanswered = rows?.filter((row) => row.direction === 'in' && (row.state === 'dead' || row.state === 'unrouted')).length ?? 0;

  const erase = async () => {
    const answer = await remove<{ erased?: { messages?: number }; keys_naming_them?: string[] }>(path);
    feed.again();
    const count = answer?.erased?.messages;
    const left = answer?.keys_naming_them ?? [];
    const said = count === undefined ? 'Erased.' : `${plural(count, 'message')} erased.`;
    return left.length > 0 ? `${said} The agent still names them under ${left.join(', ')}.` : said;
  };
  let day = '';
  return (
    <>
      <Heading title={history ? nameOf({ name: history.name ?? null, user: history.user }) : personOf(user)} up={{ href: to('conversations'), label: 'Conversations' }}
        line={history && <Line history={history} />}>
        <Action label="Erase…" kind="danger" run={erase} ask={{
          title: 'Erase this person’s data?',
          text: <>All messages of {personOf(user)} with {owner} what the agent remembers of them and their recorded turns are removed for good.</>,
          yes: 'Erase', typed: user,
        }} />
      </Heading>
      {unanswered > 0 && <p class="banner bad">{plural(unanswered, 'message')} here got no answer. Choose one to see why.</p>}
      <Shown of={feed.error instanceof ApiError && feed.error.status === 404 ? { ...feed, data: [] } : feed} rows={6}>{() => !rows || rows.length === 0
        ? <Nothing title="Nothing is stored here">This person has not written to {owner}, or what they wrote is no longer kept.</Nothing>
        : <>
          <OlderButton of={feed} label="Older messages" />
          <ol class="history" aria-label="Messages, oldest first">
            {rows.flatMap((message) => {
              const today = dayOf(message.at);
              const head = today === day ? [] : [<li class="day" key={today}><span>{today}</span></li>];
              day = today;
              return [...head, <Bubble message={message} key={message.id} />];
            })}
          </ol>
        </>}
      </Shown>
    </>
  );
}
