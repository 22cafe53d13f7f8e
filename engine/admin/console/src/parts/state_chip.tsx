// A message's state as a word and, for replies, as WhatsApp's ticks.
import type { Message } from '../api/types';

const says: Record<string, string> = {
  received: 'waiting for the agent',
  unrouted: 'no deployment',
  answered: 'answered',
  dead: 'dead letter',
  queued: 'waiting to be sent',
  sending: 'being sent',
  held: 'held: unknown whether sent',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'played',
  failed: 'failed',
  expired: 'expired',
  cancelled: 'cancelled',
};

export const toneOf = (state: string) =>
  ['dead', 'failed', 'expired'].includes(state) ? 'bad'
    : ['held', 'unrouted', 'cancelled'].includes(state) ? 'warn'
      : ['read', 'played'].includes(state) ? 'read'
        : ['answered', 'delivered', 'sent'].includes(state) ? 'good' : 'plain';

export function sentence(state: string): string {
  return says[state] ?? state;
}

function Ticks({ state }: { state: string }) {
  if (!['sent', 'delivered', 'read', 'played'].includes(state)) return null;
  return (
    <svg class="ticks" viewBox="0 0 20 12" aria-hidden="true">
      <path d="M1 6.5l3.5 3.5L11.5 2" />
      {state !== 'sent' && <path d="M8 9.2l.8.8L16 2" />}
    </svg>
  );
}

export function StateChip({ message }: { message: Pick<Message, 'direction' | 'state'> }) {
  return (
    <span class={`chip ${toneOf(message.state)}`}>
      {message.direction === 'out' && <Ticks state={message.state} />}
      {sentence(message.state)}
    </span>
  );
}
