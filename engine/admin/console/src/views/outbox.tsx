// Messages that have not left, or of which nobody knows whether they did.
import { address, get, post } from '../api/client';
import type { Page, Unsent } from '../api/types';
import { useFeed } from '../feed';
import { momentOf, personOf } from '../format';
import { Action } from '../parts/action';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { OlderButton } from '../parts/older_button';
import { Rows } from '../parts/rows';
import { to, withQuery } from '../route';

const send = async (message: string) => {
  await post(`/api/outbox/${message}/send`);
  return 'It is sent again.';
};

const cancel = async (message: string) => {
  await post(`/api/outbox/${message}/cancel`);
  return 'Cancelled.';
};

export function OutboxTools({ message, state }: { message: string; state: string }) {
  if (!['held', 'queued'].includes(state)) return null;
  return (
    <>
      {state === 'held' && <Action label="Send again…" once run={() => send(message)}
        ask={{ title: `Send ${message} again?`, text: 'If it did arrive after all, the person gets it twice. Look at their chat first.', yes: 'Send again' }} />}
      <Action label="Cancel…" kind="danger" once run={() => cancel(message)}
        ask={{ title: `Cancel ${message}?`, text: 'It is not sent any more, and later messages to this person go on.', yes: 'Cancel it' }} />
    </>
  );
}

function Row({ one }: { one: Unsent }) {
  return (
    <li class="with-tools">
      <a class="row letter-row" href={to('messages', one.message)}>
        <time dateTime={one.since}>{momentOf(one.since)}</time>
        <span class="who">{personOf(one.to)}</span>
        <span class="what">{one.reason}</span>
        <span class="where">{one.deployment ?? one.phone_number_id}</span>
        <span class="chip plain">{one.state}</span>
      </a>
      <OutboxTools message={one.message} state={one.state} />
    </li>
  );
}

export function Outbox({ queued }: { queued: boolean }) {
  const state = queued ? 'queued' : 'held';
  const feed = useFeed(`outbox ${state}`, (after, signal) => get<Page<Unsent>>(address('/api/outbox', { state, after, limit: 100 }), signal), (row) => row.id, 10_000);
  return (
    <>
      <Heading title={queued ? 'Queued messages' : 'Held messages'}
        line={queued ? 'Messages that wait to be sent.' : 'Nobody knows whether WhatsApp has these. A status tells, or you do.'}>
        <a class="button" href={queued ? to('outbox') : withQuery(to('outbox'), { state: 'queued' })}>{queued ? 'Held ones' : 'Queued ones'}</a>
        <button type="button" onClick={feed.again}>Look again</button>
      </Heading>
      <Shown of={feed} rows={6}>{(all) => all.length === 0
        ? <Nothing title={queued ? 'Nothing is queued' : 'Nothing is held'}>{queued ? 'Every message has left.' : 'Of every message it is known what became of it.'}</Nothing>
        : <>
          <Rows label="Messages">{[...all].sort((a, b) => a.id - b.id).map((one) => <Row one={one} key={one.id} />)}</Rows>
          <OlderButton of={feed} label="More of them" />
        </>}
      </Shown>
    </>
  );
}
