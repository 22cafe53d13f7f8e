// The door of the console.
import { useEffect, useRef, useState } from 'preact/hooks';
import { session } from '../session';
import { Mark } from './icon';
import { ThemeSwitch } from './theme_switch';

export function SignIn({ why }: { why?: string }) {
  const [key, setKey] = useState('');
  const [says, setSays] = useState(why ?? '');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  const enter = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    if (key.trim() === '') return setSays('Enter an API key.');
    setBusy(true);
    const wrong = await session.signIn(key.trim());
    setBusy(false);
    if (wrong) {
      setSays(wrong);
      field.current?.select();
    }
  };

  return (
    <main class="door">
      <div class="door-theme"><ThemeSwitch /></div>
      <form class="card" onSubmit={enter}>
        <Mark />
        <h1>Parley console</h1>
        <p class="soft">Sign in with an API key of this engine: <code>admin.api_key</code> of its configuration, or a named key with the scope “read”.</p>
        <label for="key">API key</label>
        <input id="key" ref={field} type="password" value={key} autocomplete="off" spellcheck={false} aria-invalid={says !== ''} aria-describedby="key-says"
          onInput={(event) => { setKey(event.currentTarget.value); setSays(''); }} />
        <p id="key-says" class="form-says" role="alert">{says}</p>
        <button class="primary" type="submit" disabled={busy}>{busy ? 'Looking…' : 'Sign in'}</button>
        <p class="soft small">The key stays in this tab and is forgotten when it closes.</p>
      </form>
    </main>
  );
}

export function Closed() {
  return (
    <main class="door">
      <div class="door-theme"><ThemeSwitch /></div>
      <section class="card">
        <Mark />
        <h1>The API is closed</h1>
        <p class="soft">This engine has no API key, so nobody can look into it. Set <code>admin.api_key</code> in its configuration, reload it, and come back.</p>
        <button class="primary" type="button" onClick={() => location.reload()}>Try again</button>
      </section>
    </main>
  );
}
