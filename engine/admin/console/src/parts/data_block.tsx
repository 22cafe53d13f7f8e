// A document as it came, with a button that copies it.
import { useState } from 'preact/hooks';

export function DataBlock({ label, value, open = false }: { label: string; value: unknown; open?: boolean }) {
  const [says, setSays] = useState('Copy');
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSays('Copied');
    } catch {
      setSays('Select and copy it');
    }
    setTimeout(() => setSays('Copy'), 2_000);
  };
  return (
    <details class="data" open={open}>
      <summary>{label}</summary>
      <div>
        <button type="button" class="small" onClick={() => void copy()}>{says}</button>
        <pre tabIndex={0}>{text}</pre>
      </div>
    </details>
  );
}
