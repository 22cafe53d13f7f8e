// The accounts, each with how far its setting up is; and the form that begins a new one.
import { get, post } from '../api/client';
import type { Account, Page } from '../api/types';
import { personOf } from '../format';
import { Form } from '../parts/form';
import { Heading } from '../parts/heading';
import { Nothing, Shown } from '../parts/notice';
import { Rows } from '../parts/rows';
import { usePoll } from '../poll';
import { go, to } from '../route';

const says: Record<string, [string, string]> = {
  pending_verification: ['number not verified', 'warn'],
  code_sent: ['waits for its code', 'warn'],
  active: ['active', 'good'],
  paused: ['paused', 'warn'],
  deleted: ['being deleted', 'bad'],
};

export function AccountState({ of }: { of: Account }) {
  if (of.problem && of.status === 'active') return <span class="chip bad">does not answer</span>;
  const [text, tone] = says[of.status] ?? [of.status, 'plain'];
  return <span class={`chip ${tone}`}>{text}</span>;
}

export const titleOf = (account: Account) => account.business_profile?.name || account.account_id;

async function create(values: Record<string, string>): Promise<string> {
  const { name, industry, description, ...rest } = values;
  const profile = Object.fromEntries(Object.entries({ name, industry, description }).filter(([, value]) => value));
  await post('/api/bsp/create-account', { ...rest, ...(Object.keys(profile).length > 0 ? { business_profile: profile } : {}) });
  go(to('accounts', rest.account_id!));
  return 'Created.';
}

function NewAccount() {
  return (
    <details class="panel">
      <summary>New account</summary>
      <Form label="Create the account" send={create} fields={[
        { name: 'account_id', label: 'Account id', required: true, hint: 'Also the deployment’s name: letters, digits, hyphens.' },
        { name: 'phone_number', label: 'Phone number', mode: 'tel', hint: 'With country code: +91 98765 00001' },
        { name: 'name', label: 'Name that customers see' },
        { name: 'waba_id', label: 'WhatsApp Business Account id', mode: 'numeric' },
        { name: 'phone_number_id', label: 'Phone number id', mode: 'numeric', hint: 'Instead of the number, when Meta has it already.' },
        { name: 'access_token', label: 'Access token', secret: true },
        { name: 'app_secret', label: 'App secret', secret: true, hint: 'When the number belongs to another Meta app.' },
        { name: 'agent', label: 'Agent', hint: 'An id from the page Agents; or the address of your own:' },
        { name: 'agent_webhook_url', label: 'Address of your own agent', mode: 'url' },
        { name: 'pin', label: 'PIN', secret: true, mode: 'numeric', hint: 'Six digits: the two-step verification of the number.' },
      ]} />
    </details>
  );
}

export function Accounts() {
  const polled = usePoll('accounts', (signal) => get<Page<Account>>('/api/accounts', signal), 6_000);
  return (
    <>
      <Heading title="Accounts" line="Each is one WhatsApp number with its agent. Tokens are never shown." />
      <Shown of={polled} rows={4}>{({ data }) => data.length === 0
        ? <Nothing title="No accounts yet">Create the first one below.</Nothing>
        : (
          <Rows label="Accounts">
            {data.map((account) => (
              <li key={account.account_id}>
                <a class="row account-row" href={to('accounts', account.account_id)}>
                  <span class="who"><b>{titleOf(account)}</b>{titleOf(account) !== account.account_id && <span class="soft">{account.account_id}</span>}</span>
                  <span class="what">{account.phone_number ? personOf(account.phone_number.replace(/^\+/, '')) : account.phone_number_id}</span>
                  <span class="where">{account.agent ?? (account.agent_webhook_url ? 'http-forwarder' : '')}</span>
                  <AccountState of={account} />
                </a>
              </li>
            ))}
          </Rows>
        )}
      </Shown>
      <NewAccount />
    </>
  );
}
