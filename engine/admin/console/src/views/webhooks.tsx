// The POSTs that came to the webhook: those that were taken, and those that were turned away.
import { useEffect, useState } from 'preact/hooks';
import { address, get } from '../api/client';
import type { Page, WebhookPost } from '../api/types';
import { useFeed } from '../feed';
import { momentOf, plural, sizeOf } from '../format';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { OlderButton } from '../parts/older_button';
import { Rows } from '../parts/rows';
import { go, to, withQuery } from '../route';

export function Outcome({ of }: { of: Pick<WebhookPost, 'outcome' | 'status'> }) {
  return <span class={`chip ${of.outcome === 'accepted' ? 'good' : 'bad'}`}>{of.status} {of.outcome}</span>;
}

function Row({ post }: { post: WebhookPost }) {
  return (
    <li>
      <a class="row post-row" href={to('webhooks', post.id)}>
        <time dateTime={post.at}>{momentOf(post.at)}</time>
        <span class="who">{post.peer}</span>
        <span class="what">{post.reason ?? plural(post.items, 'item')}</span>
        <span class="where">{sizeOf(post.bytes)}</span>
        <Outcome of={post} />
      </a>
    </li>
  );
}

function Find({ contains }: { contains: string | null }) {
  const [text, setText] = useState(contains ?? '');
  useEffect(() => setText(contains ?? ''), [contains]);
  return (
    <form class="field" onSubmit={(event) => { event.preventDefault(); go(withQuery(to('webhooks'), { outcome: 'refused', contains: text.trim() })); }}>
      <label for="contains">Contains</label>
      <input id="contains" type="search" value={text} placeholder="wamid, number, text" autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit">Find</button>
    </form>
  );
}

function None({ refused, contains }: { refused: boolean; contains: string | null }) {
  if (contains) return <Nothing title="No refused POST contains that"><a href={withQuery(to('webhooks'), { outcome: 'refused' })}>Show all that were refused</a></Nothing>;
  if (refused) return <Nothing title="None was refused">Signatures and bodies were in order since the engine started.</Nothing>;
  return <Nothing title="No webhook has come yet">Does WhatsApp know this address? The webhook of the app has to point to <code>/webhook</code> here. <a href={withQuery(to('webhooks'), { outcome: 'refused' })}>Or was it refused?</a></Nothing>;
}

export function Webhooks({ outcome, contains }: { outcome: string | null; contains: string | null }) {
  const refused = outcome === 'refused';
  const feed = useFeed(`webhooks ${refused} ${contains}`, (after, signal) =>
    get<Page<WebhookPost>>(address('/api/webhook-logs', { outcome: refused ? 'refused' : 'accepted', contains: refused ? contains : null, after, limit: 50 }), signal), (row) => row.id, 4_000);
  return (
    <>
      <Heading title="Webhook log" line={refused ? 'What was turned away, with what was in it.' : 'What WhatsApp has posted.'}>
        {refused && <Find contains={contains} />}
        <nav class="choice" aria-label="Outcome">
          <a href={to('webhooks')} aria-current={refused ? undefined : 'true'}>Accepted</a>
          <a href={withQuery(to('webhooks'), { outcome: 'refused' })} aria-current={refused ? 'true' : undefined}>Refused</a>
        </nav>
      </Heading>
      <Shown of={feed} rows={10}>{(all) => all.length === 0
        ? <None refused={refused} contains={contains} />
        : <>
          <Rows label="Webhook POSTs">{all.map((post) => <Row post={post} key={post.id} />)}</Rows>
          <OlderButton of={feed} label="Older ones" />
        </>}
      </Shown>
    </>
  );
}
