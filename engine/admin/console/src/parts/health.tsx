// How an agent is, in a word.
import type { Agent } from '../api/types';

export function Health({ agent }: { agent: Agent }) {
  if (agent.problem) return <span class="chip bad">cannot run</span>;
  if (agent.worker && agent.worker.state !== 'running') return <span class="chip warn">process {agent.worker.state}</span>;
  if (!agent.health) return <span class="chip good">running</span>;
  const tone = { ok: 'good', degraded: 'warn', silent: 'warn' }[agent.health.state] ?? 'bad';
  return <span class={`chip ${tone}`} title={agent.health.text ?? undefined}>{agent.health.state}</span>;
}
