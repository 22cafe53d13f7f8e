// Which agent answers for which deployment, and the other versions: swap, back, promote.
import { get, post, segment } from '../api/client';
import type { Agent, Deployment, Page, Trial } from '../api/types';
import { numberOf, plural, spanOf } from '../format';
import { Action } from '../parts/action';
import { Facts } from '../parts/facts';
import { Health } from '../parts/health';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { usePoll } from '../poll';

interface Swapped {
  before: Agent;
  now: Agent;
}

const versionOf = (agent: Agent) => `${agent.id} ${agent.version}`;

async function reload(id: string, wish?: { to: string }): Promise<string> {
  const { before, now } = await post<Swapped>(`/api/deployments/${segment(id)}/reload`, wish);
  if (now.canary?.state === 'running' && now.canary.version !== before.canary?.version) return `${now.canary.version} is on trial beside ${now.version}.`;
  return before.sha256 === now.sha256 && before.version === now.version ? `${versionOf(now)} answers; its file had not changed.` : `${versionOf(now)} answers now, in place of ${before.version}.`;
}

type Reload = (wish?: { to: string }) => Promise<string>;

function TrialPanel({ kind, trial, id, load }: { kind: 'canary' | 'shadow'; trial: Trial; id: string; load: Reload }) {
  const running = trial.state === 'running';
  return (
    <div class={`trial ${running ? '' : 'warn'}`}>
      <h4>{kind === 'canary' ? 'On trial' : 'Listening only'}: {trial.version} <span class={`chip ${running ? 'good' : 'warn'}`}>{trial.state}</span></h4>
      {trial.reason && <p>{trial.reason}</p>}
      {running && trial.percent !== undefined && (
        <p class="soft">{trial.percent} % of the conversations, {plural(trial.turns ?? 0, 'turn')}, {plural(trial.failures ?? 0, 'failure')}{trial.seconds !== undefined && `, for ${spanOf(trial.seconds * 1000)}`}</p>
      )}
      {running && (
        <p class="actions">
          <Action label="Promote…" kind="primary" run={() => load({ to: 'promote' })} ask={{ title: `Give ${trial.version} every conversation?`, text: <>It replaces the version that serves {id} now.</>, yes: 'Promote' }} />
          <Action label="Take back…" run={() => load({ to: 'previous' })} ask={{ title: `Take ${trial.version} back?`, text: 'Its conversations go back to the version that serves.', yes: 'Take it back' }} />
        </p>
      )}
    </div>
  );
}

function Card({ one, again }: { one: Deployment; again: () => void }) {
  const { agent } = one;
  const load: Reload = (wish) => reload(one.id, wish).finally(again);
  return (
    <section class="panel agent" aria-label={one.id}>
      <header>
        <div><h2>{one.id}</h2><p class="soft">{agent.summary}</p></div>
        <Health agent={agent} />
      </header>
      {one.not_sending_because && <p class="banner bad">Nothing is sent from this number: {one.not_sending_because}</p>}
      {agent.problem && <p class="banner bad">{agent.problem}</p>}
      <Facts of={[
        ['agent', <b>{versionOf(agent)}</b>],
        ['health', agent.health?.text],
        ['file', agent.sha256 && <code title={agent.path}>{agent.sha256.slice(0, 12)}</code>],
        ['number', one.phone_number_id],
        ['deadline', spanOf(one.deadline_ms)],
        ['follow-ups waiting', one.followups > 0 ? numberOf(one.followups) : null],
        ['process', agent.worker && `${agent.worker.pid ?? 'none'}, ${agent.worker.state}, ${plural(agent.worker.restarts, 'restart')}`],
        ['last end', agent.worker?.last_end],
        ['handover', agent.handover],
      ]} />
      {agent.canary && <TrialPanel kind="canary" trial={agent.canary} id={one.id} load={load} />}
      {agent.shadow && <TrialPanel kind="shadow" trial={agent.shadow} id={one.id} load={load} />}
      <p class="actions">
        <Action label="Load the file again…" run={() => load()} ask={{ title: `Load the agent of ${one.id} again?`, text: 'When its file has changed, the new version is started beside this one and takes over. No message is lost.', yes: 'Load it' }} />
        <Action label="Back to the version before…" run={() => load({ to: 'previous' })} ask={{ title: 'Back to the version before?', text: <>What ran for {one.id} before {agent.version} takes over again.</>, yes: 'Go back' }} />
      </p>
    </section>
  );
}

function Found({ all }: { all: Agent[] }) {
  return (
    <section class="panel">
      <h2>Found on <code>agents.path</code></h2>
      {all.length === 0 ? <p class="soft">None.</p> : (
        <div class="scroll"><table>
          <thead><tr><th>Agent</th><th>Version</th><th>What it does</th><th>File</th></tr></thead>
          <tbody>
            {all.map((agent) => <tr key={agent.path}><th scope="row">{agent.id}</th><td>{agent.version}</td><td>{agent.problem ? <span class="bad-text">{agent.problem}</span> : agent.summary}</td><td><code>{agent.path}</code></td></tr>)}
          </tbody>
        </table></div>
      )}
    </section>
  );
}

export function Agents() {
  const deployments = usePoll('agents of deployments', (signal) => get<Page<Deployment>>('/api/deployments', signal), 5_000);
  const agents = usePoll('agents', (signal) => get<Page<Agent>>('/api/agents', signal), 0);
  return (
    <>
      <Heading title="Agents" line="Who answers for which deployment. A new version takes over without losing a message." />
      <Shown of={deployments} rows={4}>{({ data }) => data.length === 0
        ? <Nothing title="No deployments">Add one to the configuration, or create an account.</Nothing>
        : <div class="cards">{data.map((one) => <Card one={one} again={deployments.again} key={one.id} />)}</div>}
      </Shown>
      <Shown of={agents} rows={3}>{({ data }) => <Found all={data} />}</Shown>
    </>
  );
}
