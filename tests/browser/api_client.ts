// A program that uses a client made of engine/admin/openapi.json; openapi.test.mjs checks its types, nothing runs it.
import createClient from 'openapi-fetch';
import type { components, paths } from './api';

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1:8000', headers: { 'X-API-Key': 'key' } });

export async function versions(): Promise<Record<string, string>> {
  const { data, error } = await client.GET('/api/deployments');
  if (error) throw new Error(error.detail);
  return Object.fromEntries(data.data.map((one) => [one.id, one.agent.version]));
}

export async function promote(deployment: string): Promise<components['schemas']['Agent']> {
  const { data, error } = await client.POST('/api/deployments/{deployment}/reload', { params: { path: { deployment } }, body: { to: 'promote' } });
  if (error) throw new Error(error.title);
  return data.now;
}

export async function wrong() {
  // @ts-expect-error there is no such call
  await client.GET('/api/deployment');
  // @ts-expect-error there is no such wish
  await client.POST('/api/deployments/{deployment}/reload', { params: { path: { deployment: 'shop' } }, body: { to: 'newest' } });
  const { data } = await client.GET('/api/status');
  // @ts-expect-error it may be null
  data?.not_ready_because.length;
}

export async function whyNoAnswer(user: string): Promise<string[]> {
  const { data } = await client.GET('/api/conversations', { params: { query: { user } } });
  const found = data?.data[0];
  if (!found) return [];
  const history = await client.GET('/api/conversations/{deployment}/{user}', { params: { path: { deployment: found.deployment ?? found.phone_number_id, user } } });
  const dead = history.data?.data.filter((one) => one.direction === 'in' && one.state === 'dead') ?? [];
  const ways = await Promise.all(dead.map((one) => client.GET('/api/messages/{message}', { params: { path: { message: one.id } } })));
  return ways.map((way) => `${way.data?.verdict} ${way.data?.remedy ?? ''}`);
}
