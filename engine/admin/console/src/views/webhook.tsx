// One POST to the webhook with what was in it.
import { get, segment } from '../api/client';
import type { WebhookPostInFull } from '../api/types';
import { dayOf, plural, preciseTimeOf, sizeOf } from '../format';
import { DataBlock } from '../parts/data_block';
import { Facts } from '../parts/facts';
import { Heading } from '../parts/heading';
import { Shown } from '../parts/notice';
import { usePoll } from '../poll';
import { to } from '../route';
import { Outcome } from './webhooks';

export function Webhook({ id }: { id: string }) {
  const polled = usePoll(`webhook ${id}`, (signal) => get<WebhookPostInFull>(`/api/webhook-logs/${segment(id)}`, signal), 0);
  return (
    <>
      <Heading title={`Webhook ${id}`} up={{ href: to('webhooks'), label: 'Webhook log' }}>{polled.data && <Outcome of={polled.data} />}</Heading>
      <Shown of={polled}>{(post) => (
        <>
          {post.reason && (
            <section class="verdict bad" aria-label="Why it was refused">
              <p class="verdict-text">Refused: {post.reason}.</p>
              {post.status === 401 && <p class="remedy"><b>What to do</b> When Meta sent this, compare the app secret in the configuration with the one of the Meta app. When it did not, nothing: nobody came in.</p>}
            </section>
          )}
          <section class="panel">
            <Facts of={[
              ['arrived', <>{dayOf(post.at)}, {preciseTimeOf(post.at)}</>],
              ['from', post.peer],
              ['size', sizeOf(post.bytes)],
              ['Meta app', post.app],
            ]} />
            {post.body !== null && post.body !== undefined && <DataBlock label="What was posted (its first 4 KiB)" value={post.body} open />}
          </section>
          {post.items.length > 0 && (
            <section class="panel">
              <h2>{plural(post.items.length, 'item')}</h2>
              <ul class="items">
                {post.items.map((item) => (
                  <li key={item.id}>
                    <p><span class="chip plain">{item.kind}</span> {item.kind === 'message' ? <a href={to('messages', item.id)}>{item.id}</a> : item.id} <span class="soft">for number {item.phone_number_id}</span></p>
                    <DataBlock label="JSON" value={item.raw} />
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}</Shown>
    </>
  );
}
