// The API document, browsable: every call by its subject, and a box that narrows them down.
import { useEffect, useState } from 'preact/hooks';
import { Mark } from '../parts/icon';
import { Skeleton } from '../parts/notice';
import { ThemeSwitch } from '../parts/theme_switch';
import { CallView } from './call_view';
import { type Call, type Document, callsOf } from './document';
import { Prose } from './prose';

function fits(call: Call, wanted: string): boolean {
  const text = `${call.method} ${call.path} ${call.operation.summary} ${call.operation.description ?? ''}`.toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

// The browser looks for the address's part behind '#' before the calls are there.
function useJump(isThere: boolean) {
  useEffect(() => {
    const jump = () => document.getElementById(location.hash.slice(1))?.scrollIntoView();
    if (isThere && location.hash) jump();
  }, [isThere]);
}

export function DocsPage() {
  const [doc, setDoc] = useState<Document>();
  const [trouble, setTrouble] = useState(false);
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    fetch('/openapi.json').then((answer) => answer.json()).then(setDoc).catch(() => setTrouble(true));
  }, []);
  useJump(doc !== undefined);
  const calls = doc ? callsOf(doc).filter((call) => fits(call, wanted)) : [];
  const groups = (doc?.tags ?? []).map((tag) => ({ ...tag, calls: calls.filter((call) => call.operation.tags.includes(tag.name)) })).filter((group) => group.calls.length > 0);
  return (
    <div class="docs">
      <header class="top">
        <a class="brand" href="/docs"><Mark /><span>Parley API</span></a>
        <div class="search" role="search"><input type="search" value={wanted} placeholder="Find a call" aria-label="Find a call" autocomplete="off" onInput={(event) => setWanted(event.currentTarget.value)} /></div>
        <a class="button" href="/openapi.json">openapi.json</a>
        <a class="button" href="/console">Console</a>
        <ThemeSwitch />
      </header>
      <nav class="nav" aria-label="Calls">
        {groups.map((group) => (
          <section key={group.name}>
            <h2>{group.name}</h2>
            {group.calls.map(({ method, path, operation }) => <a key={operation.operationId} href={`#${operation.operationId}`}><span class={`method ${method.toLowerCase()}`}>{method}</span><span>{path}</span></a>)}
          </section>
        ))}
      </nav>
      <main class="main">
        {trouble && <div class="nothing trouble" role="alert"><h2>The document cannot be read</h2><p>The engine does not answer.</p></div>}
        {!doc && !trouble && <Skeleton rows={10} />}
        {doc && <div class="intro"><h1>{doc.info.title} {doc.info.version}</h1><p><Prose text={doc.info.description} /></p></div>}
        {doc && groups.length === 0 && <div class="nothing"><h2>No call is like that</h2></div>}
        {doc && groups.map((group) => (
          <section key={group.name} class="group">
            <h2>{group.name}</h2>
            <p class="soft">{group.description}</p>
            {group.calls.map((call) => <CallView key={call.operation.operationId} document={doc} call={call} />)}
          </section>
        ))}
      </main>
    </div>
  );
}
