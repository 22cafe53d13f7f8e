// A small form of an API call: fields, a button, and how it ended.
import { useId, useState } from 'preact/hooks';

export interface Field {
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
  secret?: boolean;
  initial?: string;
  options?: [string, string][];
  mode?: 'numeric' | 'tel' | 'url';
}

interface Props {
  label: string;
  fields: Field[];
  send: (values: Record<string, string>) => Promise<string>;
}

export function Form({ label, fields, send }: Props) {
  const id = useId();
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(fields.map((field) => [field.name, field.initial ?? ''])));
  const [busy, setBusy] = useState(false);
  const [says, setSays] = useState<{ text: string; good: boolean }>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setSays(undefined);
    try {
      const given = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''));
      setSays({ text: await send(given), good: true });
      setValues((before) => Object.fromEntries(fields.map((field) => [field.name, field.secret ? '' : (before[field.name] ?? '')])));
    } catch (reason) {
      setSays({ text: (reason as Error).message, good: false });
    } finally {
      setBusy(false);
    }
  };
  const change = (name: string) => (event: { currentTarget: { value: string } }) => {
    const { value } = event.currentTarget;
    setValues((before) => ({ ...before, [name]: value }));
  };
  return (
    <form class="form" onSubmit={submit}>
      {fields.map((field) => {
        const common = { id: `${id}-${field.name}`, name: field.name, required: field.required, value: values[field.name], 'aria-describedby': field.hint ? `${id}-${field.name}-hint` : undefined };
        return (
          <div class="form-field" key={field.name}>
            <label for={common.id}>{field.label}{!field.required && <span class="soft"> (optional)</span>}</label>
            {field.options
              ? <select {...common} onChange={change(field.name)}>{field.options.map(([value, text]) => <option value={value}>{text}</option>)}</select>
              : <input {...common} type={field.secret ? 'password' : 'text'} inputmode={field.mode} autocomplete="off" spellcheck={false} onInput={change(field.name)} />}
            {field.hint && <small id={`${id}-${field.name}-hint`}>{field.hint}</small>}
          </div>
        );
      })}
      <div class="actions">
        <button type="submit" class="primary" disabled={busy}>{busy ? 'Working…' : label}</button>
        <span role="status" class={says ? `says ${says.good ? 'good-text' : 'bad-text'}` : 'says'}>{says?.text}</span>
      </div>
    </form>
  );
}
