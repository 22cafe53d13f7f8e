// Why a message has the fate it has: the verdict and the remedy, then each step with its time.
import { get, segment } from '../api/client';
import type { Step, Timeline } from '../api/types';
import { ownerOf } from '../find';
import { dayOf, personOf, preciseTimeOf, spanOf } from '../format';
import { Action } from '../parts/action';
import { Annotations } from '../parts/annotations';
import { DataBlock } from '../parts/data_block';
import { Facts } from '../parts/facts';
import { Heading } from '../parts/heading';
import { Shown } from '../parts/notice';
import { StateChip, toneOf } from '../parts/state_chip';
import { usePoll } from '../poll';
import { to } from '../route';
import { retry } from './dead_letters';
import { OutboxTools } from './outbox';

const names: Record<string, string> = {
  webhook: 'Webhook', duplicate: 'Delivered again', lane: 'Queue', turn: 'Agent', reply: 'Reply', attempt: 'Send', status: 'Status', dead_letter: 'Dead letter', by_hand: 'By hand',
};

function valueOf(value: unknown) {
  if (typeof value === 'string' && /^(in|out)-\d+$/.test(value)) return <a href={to('messages', value)}>{value}</a>;
  if (typeof value === 'string' && /^(post|refused)-\d+$/.test(value)) return <a href={to('webhooks', value)}>{value}</a>;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return <time dateTime={value}>{preciseTimeOf(value)}</time>;
  return typeof value === 'object' && value !== null ? <code>{JSON.stringify(value)}</code> : String(value);
}

function StepLine({ step, before }: { step: Step; before: Step | undefined }) {
  const tone = step.ok === true ? 'good' : step.ok === false ? 'bad' : 'plain';
  const gap = step.at && before?.at ? Date.parse(step.at) - Date.parse(before.at) : null;
  const details = Object.entries(step.details ?? {}).filter(([, value]) => value !== null && value !== '');
  return (
    <li class={`step ${tone}`}>
      <span class="when">{step.at ? <time dateTime={step.at} title={dayOf(step.at)}>{preciseTimeOf(step.at)}</time> : '–'}{gap !== null && gap >= 0 && <small>+{spanOf(gap)}</small>}</span>
      <i aria-hidden="true" />
      <div>
        <h3>{names[step.step] ?? step.step}<span class="unseen">{tone === 'good' ? ': well' : tone === 'bad' ? ': failed' : ''}</span></h3>
        <p>{step.text}</p>
        {details.length > 0 && <Facts of={details.map(([key, value]) => [key.replaceAll('_', ' '), valueOf(value)])} />}
      </div>
    </li>
  );
}

// The dead letter that a step names can be tried again from here.
function LetterTools({ steps, isDead }: { steps: Step[]; isDead: boolean }) {
  const letter = Number(steps.find((step) => step.step === 'dead_letter')?.details?.letter ?? NaN);
  if (Number.isInteger(letter) && isDead)
    return <p class="actions"><Action label="Retry" once run={() => retry(letter)} /><a class="button" href={to('dead-letters', String(letter))}>Dead letter {letter}</a></p>;
  return isDead ? <p><a class="button" href={to('dead-letters')}>To the dead letters</a></p> : null;
}

export function MessageView({ id }: { id: string }) {
  const polled = usePoll(`message ${id}`, (signal) => get<Timeline>(`/api/messages/${segment(id)}`, signal), 4_000);
  return (
    <Shown of={polled}>{({ message, verdict, remedy, timeline, raw }) => {
      const talk = message.user ? { href: to('conversations', ownerOf(message), message.user), label: `Conversation with ${personOf(message.user)}` } : { href: to('live'), label: 'Live messages' };
      const tone = message.state === 'answered' && remedy ? 'warn' : toneOf(message.state);
      return (
        <>
          <Heading up={talk}
            title={message.direction === 'in' ? `Message from ${personOf(message.user)}` : `Message to ${personOf(message.user)}`}
            line={<>{dayOf(message.at)}, <time dateTime={message.at}>{preciseTimeOf(message.at)}</time> · {message.deployment ?? `number ${message.phone_number_id}, no deployment`}</>}>
            <StateChip message={message} />
          </Heading>
          <section class={`verdict ${tone}`} aria-label="Verdict">
            <p class="verdict-text">{verdict}</p>
            {remedy && <p class="remedy"><b>What to do</b> {remedy}</p>}
            <LetterTools steps={timeline} isDead={message.state === 'dead'} />
            {message.direction === 'out' && <p class="actions"><OutboxTools message={message.id} state={message.state} /></p>}
          </section>
          <div class="columns">
            <section class="panel" aria-label="Timeline">
              <h2>What happened</h2>
              <ol class="timeline">{timeline.map((step, i) => <StepLine step={step} before={timeline[i - 1]} />)}</ol>
            </section>
            <div class="stack">
              <section class="panel" aria-label="Message">
                <h2>The message</h2>
                <blockquote class={message.direction}>{message.text || <em>{message.type}</em>}</blockquote>
                <Annotations of={message.annotations} />
                <Facts of={[
                  ['id', message.id],
                  ['wamid', message.wamid && <code class="long">{message.wamid}</code>],
                  ['trace', message.trace_id && <code class="long">{message.trace_id}</code>],
                  ['type', message.type],
                  ['answers', message.answers && <a href={to('messages', message.answers)}>{message.answers}</a>],
                  ['error', message.error && (message.error.code ? `${message.error.code}: ${message.error.text}` : message.error.text)],
                ]} />
                <DataBlock label="As WhatsApp has it (JSON)" value={raw} />
              </section>
            </div>
          </div>
        </>
      );
    }}</Shown>
  );
}
