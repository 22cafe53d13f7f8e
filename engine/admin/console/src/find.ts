// What somebody typed into the search box, and where it leads.
import { address, get } from './api/client';
import type { Conversation, Page } from './api/types';
import { to, withQuery } from './route';

export type Wanted = { kind: 'message' | 'post' | 'person'; text: string } | null;

export function understand(typed: string): Wanted {
  const text = typed.trim();
  if (/^(in|out)-\d+$/i.test(text)) return { kind: 'message', text: text.toLowerCase() };
  if (/^wamid\./i.test(text)) return { kind: 'message', text };
  if (/^(post|refused)-\d+$/i.test(text)) return { kind: 'post', text: text.toLowerCase() };
  const digits = text.replace(/[\s().\-‑+]/g, '');
  if (/^\d{4,15}$/.test(digits) && /^[+\d\s().\-‑]+$/.test(text)) return { kind: 'person', text: digits };
  if (/^[A-Z]{2}\.[\w.\-]+$/.test(text)) return { kind: 'person', text };
  return null;
}

export const ownerOf = (place: { deployment: string | null; phone_number_id: string }) => place.deployment ?? place.phone_number_id;

// A person with one conversation is shown at once.
export async function placeOf(wanted: NonNullable<Wanted>): Promise<string> {
  if (wanted.kind === 'message') return to('messages', wanted.text);
  if (wanted.kind === 'post') return to('webhooks', wanted.text);
  const found = await get<Page<Conversation>>(address('/api/conversations', { user: wanted.text }));
  const only = found.data.length === 1 ? found.data[0] : undefined;
  return only ? to('conversations', ownerOf(only), only.user) : withQuery(to('conversations'), { user: wanted.text });
}
