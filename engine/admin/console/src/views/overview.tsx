// The start page: is it well, how fast is it, who answers, what do people want.
import { get } from '../api/client';
import type { Deployment, Page, PlacedMessage, Status } from '../api/types';
import { momentOf, numberOf, plural, spanOf } from '../format';
import { type Moment, interval, sample } from '../metrics/sampler';
import { Chart } from '../parts/chart';
import { Health } from '../parts/health';
import { Heading } from '../parts/heading';
import { Shown } from '../parts/notice';
import { usePoll } from '../poll';
import { to, withQuery } from '../route';
import { Insights } from './insights';

const recent = 5 * 60_000;

interface TileProps {
  label: string;
  value: string;
  line: string;
  tone?: string;
  href?: string;
}

function Tile({ label, value, line, tone = '', href }: TileProps) {
  const inside = <><h3>{label}</h3><p class="value">{value}</p><p class="soft">{line}</p></>;
  return href ? <a class={`tile ${tone}`} href={href}>{inside}</a> : <div class={`tile ${tone}`}>{inside}</div>;
}

function Tiles({ status }: { status: Status }) {
  const { backlog, stored } = status;
  const waiting = backlog.open + backlog.unsent;
  return (
    <div class="tiles">
      <Tile label="State" value={status.ready ? 'Ready' : 'Not ready'} line={status.not_ready_because ?? `up for ${spanOf(Date.now() - Date.parse(status.started_at))}`} tone={status.ready ? 'good' : 'bad'} />
      <Tile label="Backlog" value={numberOf(waiting)} line={`${numberOf(backlog.open)} for agents, ${numberOf(backlog.unsent)} to send`} tone={waiting > 1_000 ? 'warn' : ''} href={to('live')} />
      <Tile label="Held" value={numberOf(backlog.held)} line="unknown whether sent" tone={backlog.held > 0 ? 'warn' : ''} href={to('outbox')} />
      <Tile label="Dead letters" value={numberOf(stored.dead_letters)} line={stored.dead_letters > 0 ? 'want a look' : 'none'} tone={stored.dead_letters > 0 ? 'bad' : ''} href={to('dead-letters')} />
      <Tile label="Unrouted" value={numberOf(stored.unrouted)} line="wait for a deployment" tone={stored.unrouted > 0 ? 'warn' : ''} href={to('live')} />
      <Tile label="Stored" value={numberOf(stored.messages)} line={`messages; ${plural(stored.statuses, 'status', 'statuses')}`} href={to('conversations')} />
    </div>
  );
}

const rateOf = (value: number) => (value >= 100 ? numberOf(Math.round(value)) : value >= 10 ? value.toFixed(0) : value.toFixed(1)) + '/s';

function Charts({ moments }: { moments: Moment[] }) {
  const at = moments.map((moment) => moment.at);
  return (
    <div class="charts">
      <div class="panel"><Chart title="Messages" at={at} say={rateOf} lines={[
        { label: 'received', tone: 'a', values: moments.map((moment) => moment.received) },
        { label: 'sent', tone: 'b', values: moments.map((moment) => moment.sent) },
        { label: 'failed', tone: 'c', values: moments.map((moment) => moment.failed) },
      ]} /></div>
      <div class="panel"><Chart title="Latency, 95th percentile" at={at} say={spanOf} least={10} lines={[
        { label: 'webhook', tone: 'a', values: moments.map((moment) => moment.ack) },
        { label: 'agent', tone: 'b', values: moments.map((moment) => moment.turn) },
        { label: 'Graph', tone: 'c', values: moments.map((moment) => moment.graph) },
      ]} /></div>
    </div>
  );
}

// Messages a minute, as far back as the sample reaches, five minutes at most.
export function ratesOf(messages: PlacedMessage[], now = Date.now()): Map<string, number> {
  const oldest = messages.at(-1);
  const span = oldest ? Math.min(recent, Math.max(now - Date.parse(oldest.at), 60_000)) : recent;
  const counts = new Map<string, number>();
  for (const message of messages) {
    if (now - Date.parse(message.at) > span || !message.deployment) continue;
    counts.set(message.deployment, (counts.get(message.deployment) ?? 0) + 1);
  }
  for (const [name, count] of counts) counts.set(name, count / (span / 60_000));
  return counts;
}

function Deployments({ all, messages }: { all: Deployment[]; messages: PlacedMessage[] | undefined }) {
  const rates = messages && ratesOf(messages);
  return (
    <section class="panel" aria-label="Deployments">
      <h2>Deployments</h2>
      {all.length === 0 ? <p class="soft">None. Add one to the configuration, or create an account.</p> : (
        <div class="scroll"><table>
          <thead><tr><th>Name</th><th>Health</th><th class="right">Messages a minute</th><th>Agent</th><th>Sends</th></tr></thead>
          <tbody>
            {all.map((one) => (
              <tr key={one.id}>
                <th scope="row"><a href={withQuery(to('live'), { deployment: one.id })}>{one.id}</a></th>
                <td><Health agent={one.agent} /></td>
                <td class="right">{rates ? (rates.get(one.id) ?? 0).toFixed(1) : '–'}</td>
                <td><a href={to('agents')}>{one.agent.id} {one.agent.version}</a>{one.agent.canary?.state === 'running' && <span class="soft"> · {one.agent.canary.version} on trial</span>}</td>
                <td>{one.not_sending_because ? <span class="bad-text">{one.not_sending_because}</span> : 'yes'}</td>
              </tr>
            ))}
          </tbody>
        </table></div>
      )}
    </section>
  );
}

function LastErrors({ status }: { status: Status }) {
  if (status.last_errors.length === 0) return null;
  return (
    <section class="panel" aria-label="Last errors">
      <header class="panel-head"><h2>Last errors</h2><a href={to('dead-letters')}>Dead letters</a></header>
      <ul class="errors">
        {[...status.last_errors].reverse().map((one) => <li><time dateTime={one.at}>{momentOf(one.at)}</time><span><b>{one.reason.replaceAll('_', ' ')}</b> {one.detail}</span></li>)}
      </ul>
    </section>
  );
}

export function Overview() {
  const status = usePoll('overview', (signal) => get<Status>('/api/status', signal), 3_000);
  const moments = usePoll('moments', sample, interval);
  const deployments = usePoll('deployments', (signal) => get<Page<Deployment>>('/api/deployments', signal), 6_000);
  const messages = usePoll('sample of messages', (signal) => get<Page<PlacedMessage>>('/api/messages?limit=500', signal), 15_000);
  return (
    <>
      <Heading title="Overview" line="To see what became of a message, type the person’s number above." />
      <Shown of={status} rows={2}>{(data) => <Tiles status={data} />}</Shown>
      <Charts moments={moments.data ?? []} />
      <Shown of={deployments} rows={3}>{({ data }) => <Deployments all={data} messages={messages.data?.data} />}</Shown>
      <Shown of={messages} rows={4}>{({ data }) => <Insights messages={data} />}</Shown>
      {status.data && <LastErrors status={status.data} />}
    </>
  );
}
