// Narrows a list to one deployment.
import { get } from '../api/client';
import type { Deployment, Page } from '../api/types';
import { usePoll } from '../poll';

export function DeploymentPicker({ chosen, choose }: { chosen: string | null; choose: (id: string) => void }) {
  const { data } = usePoll('picker', (signal) => get<Page<Deployment>>('/api/deployments', signal), 0);
  const names = data?.data.map((one) => one.id) ?? [];
  if (chosen && !names.includes(chosen)) names.push(chosen);
  return (
    <label class="field">
      <span>Deployment</span>
      <select value={chosen ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">All</option>
        {names.map((name) => <option value={name} key={name}>{name}</option>)}
      </select>
    </label>
  );
}
