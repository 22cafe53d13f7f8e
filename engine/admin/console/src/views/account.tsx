// One account: the steps until its number answers, its health at Meta, and its end.
import type { ComponentChildren } from 'preact';
import { address, change, get, post, remove, segment } from '../api/client';
import type { AccountHealth as Health, Account as Shape } from '../api/types';
import { dayOf, momentOf, numberOf, personOf } from '../format';
import { Action } from '../parts/action';
import { DataBlock } from '../parts/data_block';
import { Facts } from '../parts/facts';
import { Form } from '../parts/form';
import { Heading } from '../parts/heading';
import { Shown, Trouble } from '../parts/notice';
import { usePoll } from '../poll';
import { to, withQuery } from '../route';
import { AccountState, titleOf } from './accounts';

type Progress = 'done' | 'now' | 'later';

function StepOf({ title, progress, children }: { title: string; progress: Progress; children: ComponentChildren }) {
  return (
    <li class={`onboarding ${progress}`} aria-current={progress === 'now' ? 'step' : undefined}>
      <details open={progress === 'now'}>
        <summary>{title}<span class="chip plain">{{ done: 'done', now: 'next', later: 'later' }[progress]}</span></summary>
        {children}
      </details>
    </li>
  );
}

const methods: [string, string][] = [['sms', 'SMS'], ['voice', 'Voice call']];

function Steps({ account, again }: { account: Shape; again: () => void }) {
  const id = account.account_id;
  const place = { pending_verification: 1, code_sent: 2 }[account.status] ?? 3;
  const progress = (step: number): Progress => (step < place ? 'done' : step === place ? 'now' : 'later');
  const send = async (path: string, body: object, done: string) => {
    await post(path, { account_id: id, ...body });
    again();
    return done;
  };
  return (
    <ol class="steps" key={place}>
      <StepOf title="Account created" progress="done"><p class="soft">{account.created_at ? `On ${dayOf(account.created_at)}.` : 'It is in the configuration.'}</p></StepOf>
      <StepOf title="Ask WhatsApp for a code" progress={progress(1)}>
        <Form label="Request the code" send={(values) => send('/api/bsp/request-verification', values, 'WhatsApp sends a code to the number.')} fields={[
          { name: 'verification_method', label: 'By', required: true, options: methods, initial: 'sms' },
          { name: 'language', label: 'Language', initial: 'en_US', hint: 'As Meta writes it: en_US, hi, de' },
        ]} />
      </StepOf>
      <StepOf title="Verify and register the number" progress={progress(2)}>
        <Form label="Verify" send={(values) => send('/api/bsp/verify-phone', values, 'Verified and registered. The account is active.')} fields={[
          { name: 'verification_code', label: 'The six digits', required: true, mode: 'numeric' },
          { name: 'verification_method', label: 'Came by', required: true, options: methods, initial: 'sms' },
        ]} />
      </StepOf>
      <StepOf title="Send a test message" progress={progress(3)}>
        <Form label="Send and wait" send={async (values) => {
          const answer = await post<{ wamid?: string; id?: string }>('/api/bsp/send-test-message', { account_id: id, ...values });
          return `WhatsApp took it: ${answer.wamid ?? answer.id ?? 'no id came back'}`;
        }} fields={[
          { name: 'to', label: 'To', required: true, mode: 'tel', hint: 'Somebody who wrote to this number in the last 24 hours.' },
          { name: 'message', label: 'Text', required: true, initial: 'A test message from Parley.' },
        ]} />
      </StepOf>
    </ol>
  );
}

// A time as people read it; an object as its parts, without those that are unknown.
function shown(value: unknown): ComponentChildren {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return momentOf(value);
  if (typeof value === 'number') return numberOf(value);
  if (typeof value !== 'object' || value === null) return value === null ? null : String(value);
  const parts = Object.entries(value).filter(([, one]) => one !== null && one !== false);
  if (Array.isArray(value) || parts.some(([, one]) => typeof one === 'object')) return <code class="long">{JSON.stringify(value)}</code>;
  return parts.map(([key, one]) => <span class="pair"><span class="soft">{key.replaceAll('_', ' ')}</span> {shown(one)}</span>);
}

function AccountHealth({ id }: { id: string }) {
  const polled = usePoll(`account health ${id}`, (signal) => get<Health>(`/api/bsp/account-health/${segment(id)}`, signal), 0);
  const rows = (part: Record<string, unknown>): [string, ComponentChildren][] => Object.entries(part).map(([key, value]) => [key.replaceAll('_', ' '), shown(value)]);
  return (
    <section class="panel">
      <header class="panel-head"><h2>Health</h2><button type="button" class="small" onClick={polled.again}>Look again</button></header>
      {polled.error && !polled.data ? <Trouble error={polled.error} again={polled.again} /> : (
        <Shown of={polled} rows={3}>{(health) => (
          <>
            <p><span class={`chip ${{ healthy: 'good', degraded: 'warn' }[health.verdict] ?? 'bad'}`}>{health.verdict}</span></p>
            <ul class="reasons">{health.reasons.map((one) => <li><b>{one.problem}</b>{one.remedy && <span class="soft">{one.remedy}</span>}</li>)}</ul>
            <div class="part"><h3>Here</h3><Facts of={rows(health.engine)} /></div>
            {health.meta && <div class="part"><h3>At Meta</h3><Facts of={rows(health.meta)} /></div>}
            <DataBlock label="All of it (JSON)" value={health} />
          </>
        )}</Shown>
      )}
    </section>
  );
}

// Only what differs from the account is sent. Another agent takes the place of the address, and the other way round.
function patchOf(account: Shape, values: Record<string, string>): object {
  const { agent, agent_webhook_url, industry, description, email, ...secrets } = values;
  const profile = Object.fromEntries(Object.entries({ industry, description, email })
    .filter(([name, value]) => value !== undefined && value !== account.business_profile?.[name as 'industry']));
  return {
    ...secrets,
    ...(agent_webhook_url ? { agent_webhook_url, ...(account.agent === 'http-forwarder' ? {} : { agent: null, config: null }) } : {}),
    ...(agent && agent !== account.agent ? { agent, agent_webhook_url: null, config: null } : {}),
    ...(Object.keys(profile).length > 0 ? { business_profile: profile } : {}),
  };
}

function Change({ account, again }: { account: Shape; again: () => void }) {
  const send = async (values: Record<string, string>) => {
    const patch = patchOf(account, values);
    if (Object.keys(patch).length === 0) return 'Nothing differs.';
    await change(`/api/accounts/${segment(account.account_id)}`, patch, account.version);
    again();
    return 'Changed.';
  };
  return (
    <details class="panel">
      <summary>Change</summary>
      <p class="soft">What stays empty stays as it is. Whatever refuses, nothing has changed then.</p>
      <Form label="Change the account" send={send} fields={[
        { name: 'access_token', label: 'Another access token', secret: true, hint: 'Meta is asked first whether it opens the number.' },
        { name: 'app_secret', label: 'Another app secret', secret: true },
        { name: 'agent', label: 'Agent', initial: account.agent ?? '', hint: 'Another one starts with settings of its own; it is started beside the old one.' },
        { name: 'agent_webhook_url', label: 'Address of your own agent', mode: 'url', hint: 'Instead of an agent by its id.' },
        { name: 'industry', label: 'Industry', initial: account.business_profile?.industry },
        { name: 'description', label: 'Description', initial: account.business_profile?.description },
        { name: 'email', label: 'E-mail', initial: account.business_profile?.email },
      ]} />
    </details>
  );
}

export function Account({ id }: { id: string }) {
  const polled = usePoll(`account ${id}`, (signal) => get<Shape>(`/api/accounts/${segment(id)}`, signal), 6_000);
  const pause = (pauses: boolean) => async () => {
    await post(`/api/accounts/${segment(id)}/${pauses ? 'pause' : 'resume'}`);
    polled.again();
    return pauses ? 'Paused.' : 'Resumed.';
  };
  const end = (deregister: boolean) => async () => {
    await remove(address(`/api/bsp/delete-account/${segment(id)}`, { deregister: deregister ? 'true' : null }));
    polled.again();
    return 'Its routing has stopped; what is pending is being finished.';
  };
  return (
    <Shown of={polled} rows={4}>{(account) => {
      const isOurs = account.source !== 'file';
      return (
      <>
        <Heading title={titleOf(account)} up={{ href: to('accounts'), label: 'Accounts' }} line={account.phone_number ? personOf(account.phone_number.replace(/^\+/, '')) : undefined}>
          <AccountState of={account} />
          {isOurs && ['active', 'paused'].includes(account.status) && <Action label={account.status === 'paused' ? 'Resume' : 'Pause…'} run={pause(account.status === 'active')} ask={account.status === 'active' ? { title: `Pause ${id}?`, text: 'What arrives is kept, and answered when it is resumed.', yes: 'Pause' } : undefined} />}
        </Heading>
        {account.problem && <p class="banner bad">{account.problem}</p>}
        <div class="columns">
          <section class="panel" aria-label="Setting up"><h2>Setting up</h2><Steps account={account} again={polled.again} /></section>
          <div class="stack">
            <section class="panel">
              <h2>Facts</h2>
              <Facts of={[
                ['account and deployment', account.account_id],
                ['phone number id', account.phone_number_id],
                ['WABA', account.waba_id],
                ['agent', account.agent],
                ['its address', account.agent_webhook_url],
                ['industry', account.business_profile?.industry],
                ['description', account.business_profile?.description],
                ['comes from', account.source === 'file' ? 'the configuration file' : account.source && 'the API'],
              ]} />
              <p><a href={withQuery(to('conversations'), { deployment: account.account_id })}>Its conversations</a> · <a href={withQuery(to('live'), { deployment: account.account_id })}>Its messages</a></p>
            </section>
            {isOurs && account.status !== 'deleted' && <Change account={account} again={polled.again} />}
            <AccountHealth id={account.account_id} />
            {isOurs && <section class="panel">
              <h2>End</h2>
              <p class="soft">Messages no longer reach the agent. What is pending is finished first.</p>
              <p class="actions">
                <Action label="Delete…" kind="danger" run={end(false)} ask={{ title: `Delete ${id}?`, text: 'Its number stays registered at Meta.', yes: 'Delete', typed: id }} />
                <Action label="Delete and deregister…" kind="danger" run={end(true)} ask={{ title: `Delete ${id} and deregister its number?`, text: 'The number can then no longer send or receive until it is registered again.', yes: 'Delete both', typed: id }} />
              </p>
            </section>}
          </div>
        </div>
      </>
      );
    }}</Shown>
  );
}
