// A button that changes something: it asks first where that is wise, and says how it ended.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

interface Ask {
  title: string;
  text: ComponentChildren;
  yes: string;
  typed?: string;  // what has to be typed before
}

interface Props {
  label: string;
  run: () => Promise<string>;  // what to say when it is done
  ask?: Ask;
  kind?: 'primary' | 'danger' | '';
  once?: boolean;  // what was done cannot be done again
}

function Question({ ask, kind, answer }: { ask: Ask; kind: string; answer: (yes: boolean) => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  useLayoutEffect(() => box.current?.showModal(), []);
  return (
    <dialog ref={box} aria-labelledby="question" onClose={() => answer(box.current?.returnValue === 'yes')}
      onClick={(event) => { if (event.target === box.current) box.current?.close(''); }}>
      <form method="dialog">
        <h2 id="question">{ask.title}</h2>
        <p>{ask.text}</p>
        {ask.typed && (
          <label>Type <code>{ask.typed}</code> to go on
            <input value={typed} autocomplete="off" spellcheck={false} onInput={(event) => setTyped(event.currentTarget.value)} />
          </label>
        )}
        <div class="actions">
          <button value="" type="button" onClick={() => box.current?.close('')}>Cancel</button>
          <button value="yes" class={kind || 'primary'} disabled={ask.typed !== undefined && typed !== ask.typed}>{ask.yes}</button>
        </div>
      </form>
    </dialog>
  );
}

export function Action({ label, run, ask, kind = '', once = false }: Props) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [says, setSays] = useState<{ text: string; good: boolean }>();
  const button = useRef<HTMLButtonElement>(null);
  const start = async () => {
    setBusy(true);
    setSays(undefined);
    try {
      setSays({ text: await run(), good: true });
    } catch (reason) {
      setSays({ text: (reason as Error).message, good: false });
    } finally {
      setBusy(false);
    }
  };
  return (
    <span class="action">
      <button ref={button} type="button" class={kind} disabled={busy || (once && says?.good)} onClick={() => (ask ? setAsking(true) : void start())}>{busy ? 'Working…' : label}</button>
      <span role="status" class={says ? `says ${says.good ? 'good-text' : 'bad-text'}` : 'says'}>{says?.text}</span>
      {asking && ask && (
        <Question ask={ask} kind={kind} answer={(yes) => {
          setAsking(false);
          button.current?.focus();
          if (yes) void start();
        }} />
      )}
    </span>
  );
}
