// Calls of the engine's API. The key travels in a header, never in an address.
import { session } from '../session';

export class ApiError extends Error {
  // status 0: the engine was not reached.
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

const patience = 15_000;

async function problem(answer: Response): Promise<ApiError> {
  let sentence = '';
  try {
    const body = await answer.json();
    const fields = Array.isArray(body.errors) ? body.errors.map((one: { field?: string; key?: string; message: string }) => `${one.field ?? one.key ?? ''}: ${one.message}`) : [];
    sentence = [body.detail, ...fields, body.remedy].filter((one) => typeof one === 'string' && one !== '').join(' · ');
  } catch {
    // No problem document; the status has to do.
  }
  return new ApiError(answer.status, sentence || `The engine answered ${answer.status}.`);
}

async function call(method: string, path: string, body: unknown, signal?: AbortSignal, more: Record<string, string> = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...more };
  const key = session.key();
  if (key) headers['X-API-Key'] = key;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const late = new AbortController();
  const clock = setTimeout(() => late.abort(), patience);
  signal?.addEventListener('abort', () => late.abort(), { once: true });
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), signal: late.signal, cache: 'no-store' });
  } catch (reason) {
    if (signal?.aborted) throw reason;
    throw new ApiError(0, 'The engine cannot be reached from this page.');
  } finally {
    clearTimeout(clock);
  }
  if (answer.ok) return answer;
  const error = await problem(answer);
  if (error.status === 401) session.refused();
  throw error;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await call('GET', path, undefined, signal)).json();
}

export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await call('GET', path, undefined, signal)).text();
}

export async function post<T>(path: string, body?: unknown): Promise<T> {
  return (await call('POST', path, body)).json();
}

// A JSON merge patch: null takes a member away. `version` is the one that was seen.
export async function change<T>(path: string, patch: object, version?: number | null): Promise<T> {
  return (await call('PATCH', path, patch, undefined, version ? { 'If-Match': `"${version}"` } : {})).json();
}

export async function remove<T>(path: string): Promise<T | null> {
  const text = await (await call('DELETE', path, undefined)).text();
  return text ? JSON.parse(text) : null;
}

// A path of the API with what is set of `values` behind the question mark.
export function address(path: string, values: Record<string, string | number | null | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

export const segment = encodeURIComponent;
