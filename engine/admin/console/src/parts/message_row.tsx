// One message as a line of a list.
import type { PlacedMessage } from '../api/types';
import { momentOf, personOf } from '../format';
import { to } from '../route';
import { Annotations } from './annotations';
import { StateChip } from './state_chip';

export function MessageRow({ message }: { message: PlacedMessage }) {
  return (
    <li>
      <a class={`row message-row ${message.direction}`} href={to('messages', message.id)}>
        <time dateTime={message.at}>{momentOf(message.at)}</time>
        <span class="who"><span class="arrow" aria-label={message.direction === 'in' ? 'from' : 'to'}>{message.direction === 'in' ? '←' : '→'}</span> {personOf(message.user)}</span>
        <span class="what">{message.text || <em>{message.type}</em>}</span>
        <span class="where">{message.deployment ?? message.phone_number_id}</span>
        <StateChip message={message} />
        <Annotations of={message.annotations} />
      </a>
    </li>
  );
}
