// Everybody who has written, newest activity first; or where one person has.
import { address, get } from '../api/client';
import type { Conversation, Page } from '../api/types';
import { useFeed } from '../feed';
import { ownerOf } from '../find';
import { hueOf, momentOf, personOf } from '../format';
import { DeploymentPicker } from '../parts/deployment_picker';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { OlderButton } from '../parts/older_button';
import { Rows } from '../parts/rows';
import { StateChip } from '../parts/state_chip';
import { go, to, withQuery } from '../route';

export const nameOf = (one: { name: string | null; user: string }) => one.name || personOf(one.user);

export function Face({ of }: { of: { name: string | null; user: string } }) {
  const letters = (of.name ?? '').split(/\s+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join('') || of.user.slice(-2);
  return <span class={`face hue-${hueOf(of.user)}`} aria-hidden="true">{letters.toUpperCase()}</span>;
}

function Row({ one }: { one: Conversation }) {
  return (
    <li>
      <a class="row talk-row" href={to('conversations', ownerOf(one), one.user)}>
        <Face of={one} />
        <span class="who"><b>{nameOf(one)}</b>{one.name && <span class="soft">{personOf(one.user)}</span>}</span>
        <span class="what">{one.last_message && <>{one.last_message.direction === 'out' && <span class="soft">Reply: </span>}{one.last_message.text || <em>{one.last_message.type}</em>}</>}</span>
        <span class="where">{one.deployment ?? <span class="warn-text">no deployment · {one.phone_number_id}</span>}</span>
        {one.last_message && <StateChip message={one.last_message} />}
        <time dateTime={one.last_at}>{momentOf(one.last_at)}</time>
      </a>
    </li>
  );
}

export function Conversations({ user, deployment }: { user: string | null; deployment: string | null }) {
  const feed = useFeed(`conversations ${user} ${deployment}`, (after, signal) =>
    get<Page<Conversation>>(address('/api/conversations', { user, deployment, after, limit: 50 }), signal),
  (row) => `${row.phone_number_id}/${row.user}`, 5_000);
  return (
    <>
      <Heading title={user ? `Conversations of ${personOf(user)}` : 'Conversations'} up={user ? { href: to('conversations'), label: 'All conversations' } : undefined}
        line={user ? 'On every number of yours.' : 'Newest activity first.'}>
        {!user && <DeploymentPicker chosen={deployment} choose={(id) => go(withQuery(to('conversations'), { deployment: id }))} />}
      </Heading>
      <Shown of={feed} rows={8}>{(all) => all.length === 0
        ? user
          ? <Nothing title={`Nothing is stored of ${personOf(user)}`}>
            No message of this number has reached the engine, or it is older than what is kept. Was the webhook refused? <a href={withQuery(to('webhooks'), { outcome: 'refused', contains: user })}>Look for it among the refused</a>
          </Nothing>
          : <Nothing title="Nobody has written yet">Conversations appear with their first message.</Nothing>
        : <>
          <Rows label="Conversations">{all.map((one) => <Row one={one} key={`${one.phone_number_id}/${one.user}`} />)}</Rows>
          <OlderButton of={feed} label="Older conversations" />
        </>}
      </Shown>
    </>
  );
}
