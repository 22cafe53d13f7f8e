// One dead letter: what it is, why it died, and what can be done.
import { get, segment } from '../api/client';
import type { DeadLetter as Letter } from '../api/types';
import { dayOf, personOf, preciseTimeOf } from '../format';
import { Action } from '../parts/action';
import { Facts } from '../parts/facts';
import { Heading } from '../parts/heading';
import { Shown } from '../parts/notice';
import { usePoll } from '../poll';
import { to } from '../route';
import { drop, dropQuestion, retry } from './dead_letters';

export function DeadLetter({ id }: { id: string }) {
  const polled = usePoll(`dead letter ${id}`, (signal) => get<Letter>(`/api/dead-letters/${segment(id)}`, signal), 0);
  const letter = polled.data;
  return (
    <>
      <Heading title={`Dead letter ${id}`} up={{ href: to('dead-letters'), label: 'Dead letters' }}>
        {letter && (
          <>
            <Action label="Retry" kind="primary" once run={() => retry(letter.id)} />
            <Action label="Drop…" kind="danger" once run={() => drop(letter.id)} ask={dropQuestion(letter.id)} />
          </>
        )}
      </Heading>
      <Shown of={polled}>{(one) => (
        <>
          <section class="verdict bad" aria-label="Reason">
            <p class="verdict-text">{one.direction === 'in' ? 'No agent answered this message' : 'This reply could not be sent'}: {one.reason.replaceAll('_', ' ')}.</p>
            {one.detail && <p class="remedy">{one.detail}</p>}
          </section>
          <section class="panel">
            {one.message_object && <blockquote class={one.direction}>{one.message_object.text || <em>{one.message_object.type}</em>}</blockquote>}
            <Facts of={[
              ['since', <>{dayOf(one.at)}, {preciseTimeOf(one.at)}</>],
              ['message', <a href={to('messages', one.message)}>{one.message}</a>],
              ['person', one.user && (one.deployment || one.phone_number_id) ? <a href={to('conversations', one.deployment ?? one.phone_number_id!, one.user)}>{personOf(one.user)}</a> : null],
              ['deployment', one.deployment],
              ['number', one.phone_number_id],
            ]} />
          </section>
        </>
      )}</Shown>
    </>
  );
}
