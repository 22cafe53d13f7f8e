// Who looks: the API key of this tab. It is kept until the tab closes, and nowhere else.
const place = 'parley.key';

export type SessionState = { is: 'looking' | 'signed_out' | 'closed' | 'open'; why?: string };

type Listener = (state: SessionState) => void;

function stored(): string | null {
  try {
    return sessionStorage.getItem(place);
  } catch {
    return null;
  }
}

let key = stored();
let state: SessionState = { is: 'looking' };
const listeners = new Set<Listener>();

function become(next: SessionState) {
  state = next;
  for (const one of listeners) one(state);
}

function keep(next: string | null) {
  key = next;
  try {
    if (next === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, next);
  } catch {
    // Without storage the key lasts until the page is loaded again.
  }
}

// Asks the engine whether this key, or none, opens the API. Null: it cannot be reached.
async function knock(candidate: string | null): Promise<number | null> {
  const headers: Record<string, string> = candidate ? { 'X-API-Key': candidate } : {};
  try {
    return (await fetch('/api/status', { headers, cache: 'no-store' })).status;
  } catch {
    return null;
  }
}

export const session = {
  key: () => key,
  state: () => state,
  subscribe(listener: Listener) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  // At the start: with the key of this tab, or without one where the engine asks for none.
  async begin() {
    const status = await knock(key);
    if (status === 403) become({ is: 'closed' });
    else if (status === 401) become({ is: 'signed_out', why: key ? 'The key of this tab is no longer accepted.' : undefined });
    else become({ is: 'open' });
  },
  // What to tell the person; null: signed in.
  async signIn(candidate: string): Promise<string | null> {
    if (!/^[\x21-\x7e]+$/.test(candidate)) return 'A key has no spaces and no letters outside ASCII.';
    const status = await knock(candidate);
    if (status === null) return 'The engine cannot be reached. Is it running?';
    if (status === 401) return 'This is not a key of this engine.';
    if (status === 403) return 'This key may not read. It needs the scope “read” or “admin”.';
    keep(candidate);
    become({ is: 'open' });
    return null;
  },
  signOut() {
    keep(null);
    become({ is: 'signed_out' });
  },
  refused() {
    if (state.is !== 'open') return;
    keep(null);
    become({ is: 'signed_out', why: 'The key is no longer accepted. Sign in again.' });
  },
};
