// One box for a phone number, a wamid or a message's id. '/' leads to it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { placeOf, understand } from '../find';
import { go } from '../route';
import { Icon } from './icon';

const unclear = 'Type a phone number (+91 98765 00001), a user id, a wamid, or an id such as in-12.';

export function SearchBox() {
  const [text, setText] = useState('');
  const [says, setSays] = useState('');
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const jump = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || at.closest('input, textarea, select, dialog')) return;
      event.preventDefault();
      box.current?.select();
      box.current?.focus();
    };
    addEventListener('keydown', jump);
    return () => removeEventListener('keydown', jump);
  }, []);

  const search = async (event: Event) => {
    event.preventDefault();
    if (busy || text.trim() === '') return;
    const wanted = understand(text);
    if (!wanted) return setSays(unclear);
    setBusy(true);
    try {
      go(await placeOf(wanted));
      setSays('');
    } catch (reason) {
      setSays((reason as Error).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="search" role="search" onSubmit={search}>
      <Icon name="search" />
      <input ref={box} type="search" value={text} placeholder="Number, wamid or message id" aria-label="Find a person or a message" aria-describedby="search-says"
        aria-keyshortcuts="/" autocomplete="off" spellcheck={false} enterkeyhint="search"
        onInput={(event) => { setText(event.currentTarget.value); setSays(''); }}
        onKeyDown={(event) => { if (event.key === 'Escape') { setText(''); setSays(''); event.currentTarget.blur(); } }} />
      <kbd aria-hidden="true">/</kbd>
      <p id="search-says" class={says ? 'search-says' : 'search-says quiet'} role="status">{says}</p>
    </form>
  );
}
