// Messages that no agent or send could finish.
import { address, get, post, remove } from '../api/client';
import type { DeadLetter, Page } from '../api/types';
import { useFeed } from '../feed';
import { momentOf, personOf } from '../format';
import { Action } from '../parts/action';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { OlderButton } from '../parts/older_button';
import { Rows } from '../parts/rows';
import { to } from '../route';

export async function retry(id: number): Promise<string> {
  const answer = await post<{ message: string }>(`/api/dead-letters/${id}/retry`);
  return `${answer.message} waits for its turn again.`;
}

export async function drop(id: number): Promise<string> {
  await remove(`/api/dead-letters/${id}`);
  return 'Dropped.';
}

export const dropQuestion = (id: number) => ({
  title: `Drop dead letter ${id}?`,
  text: 'Nobody will try this message again. It stays in its conversation, as not answered.',
  yes: 'Drop it',
});

function Row({ letter }: { letter: DeadLetter }) {
  return (
    <li class="with-tools">
      <a class="row letter-row" href={to('dead-letters', String(letter.id))}>
        <time dateTime={letter.at}>{momentOf(letter.at)}</time>
        <span class="who">{letter.user ? personOf(letter.user) : letter.message}</span>
        <span class="what"><b>{letter.reason.replaceAll('_', ' ')}</b> {letter.detail}</span>
        <span class="where">{letter.deployment ?? letter.phone_number_id}</span>
        <span class="chip plain">{letter.direction === 'in' ? 'no answer' : 'not sent'}</span>
      </a>
      <Action label="Retry" once run={() => retry(letter.id)} />
    </li>
  );
}

export function DeadLetters() {
  const feed = useFeed('dead letters', (after, signal) => get<Page<DeadLetter>>(address('/api/dead-letters', { after, limit: 100 }), signal), (row) => row.id, 10_000);
  return (
    <>
      <Heading title="Dead letters" line="Messages that no agent could answer, or that could not be sent. Retry one when the reason is gone.">
        <button type="button" onClick={feed.again}>Look again</button>
      </Heading>
      <Shown of={feed} rows={6}>{(all) => all.length === 0
        ? <Nothing title="No dead letters">Every message was answered, and every reply was sent.</Nothing>
        : <>
          <Rows label="Dead letters">{[...all].sort((a, b) => b.id - a.id).map((letter) => <Row letter={letter} key={letter.id} />)}</Rows>
          <OlderButton of={feed} label="More of them" />
        </>}
      </Shown>
    </>
  );
}
