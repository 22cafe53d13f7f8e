// What the last messages were about: intents, languages, stages, and how far replies got.
import type { PlacedMessage } from '../api/types';
import { numberOf } from '../format';
import { type Bar, Bars, countsOf } from '../parts/bars';

const reached: Record<string, number> = { sent: 1, delivered: 2, read: 3, played: 3 };

// From what people wrote to what they have read.
export function funnelOf(messages: PlacedMessage[]): Bar[] {
  const incoming = messages.filter((message) => message.direction === 'in' && message.type !== 'status');
  const replies = messages.filter((message) => message.direction === 'out');
  const past = (step: number) => replies.filter((message) => (reached[message.state] ?? 0) >= step).length;
  return [
    { label: 'received', count: incoming.length },
    { label: 'answered', count: incoming.filter((message) => message.state === 'answered').length },
    { label: 'replies sent', count: past(1) },
    { label: 'delivered', count: past(2) },
    { label: 'read', count: past(3) },
  ];
}

function valuesOf(messages: PlacedMessage[], key: string): string[] {
  return messages.map((message) => message.annotations?.[key]).filter((value): value is string => Boolean(value));
}

const soften = (bars: Bar[]) => bars.map((bar) => ({ ...bar, label: bar.label.replaceAll('_', ' ').toLowerCase() }));

export function Insights({ messages }: { messages: PlacedMessage[] }) {
  const empty = 'No agent has noted any yet.';
  return (
    <section class="panel" aria-label="What people want">
      <header class="panel-head"><h2>What people want</h2><span class="soft">of the last {numberOf(messages.length)} messages</span></header>
      <div class="insights">
        <Bars title="Intents" bars={soften(countsOf(valuesOf(messages, 'intent')))} empty={empty} />
        <Bars title="Languages" bars={soften(countsOf(valuesOf(messages, 'language'), 6))} empty={empty} />
        <Bars title="Stages" bars={soften(countsOf(valuesOf(messages, 'stage'), 6))} empty={empty} />
        <Bars title="From question to read reply" bars={messages.length > 0 ? funnelOf(messages) : []} empty="Nothing has come in yet." />
      </div>
    </section>
  );
}
