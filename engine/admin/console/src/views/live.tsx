// Messages as they come and go. Somebody who reads further down is not pushed around.
import { useEffect, useState } from 'preact/hooks';
import { address, get } from '../api/client';
import type { Page, PlacedMessage } from '../api/types';
import { useFeed } from '../feed';
import { plural } from '../format';
import { DeploymentPicker } from '../parts/deployment_picker';
import { Heading } from '../parts/heading';
import { Icon } from '../parts/icon';
import { MessageRow } from '../parts/message_row';
import { Nothing, Shown } from '../parts/notice';
import { OlderButton } from '../parts/older_button';
import { Rows } from '../parts/rows';
import { go, to, withQuery } from '../route';

const every = 2_000;

function useIsReading(): boolean {
  const [reading, setReading] = useState(false);
  useEffect(() => {
    const look = () => setReading(scrollY > 80);
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);
  return reading;
}

export function Live({ deployment }: { deployment: string | null }) {
  const feed = useFeed(`live ${deployment}`, (after, signal) =>
    get<Page<PlacedMessage>>(address('/api/messages', { deployment, after, limit: 50 }), signal), (row) => row.id, every);
  const [paused, setPaused] = useState(false);
  const reading = useIsReading();
  const [newest, setNewest] = useState<string>();
  const rows = feed.data ?? [];
  const still = paused || reading;
  useEffect(() => {
    if (!still) setNewest(rows[0]?.id);
  }, [still, rows[0]?.id]);
  const held = still && newest ? Math.max(rows.findIndex((row) => row.id === newest), 0) : 0;

  return (
    <>
      <Heading title="Live messages" line="Newest first. Choose one to see what became of it.">
        <DeploymentPicker chosen={deployment} choose={(id) => go(withQuery(to('live'), { deployment: id }))} />
        <button type="button" class="with-icon" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          <Icon name={paused ? 'play' : 'pause'} />{paused ? 'Go on' : 'Pause'}
        </button>
      </Heading>
      {held > 0 && (
        <button type="button" class="fresh" onClick={() => { setPaused(false); setNewest(rows[0]?.id); scrollTo(0, 0); }}>{plural(held, 'new message')}</button>
      )}
      <Shown of={feed} rows={10}>{(all) => all.length === 0
        ? <Nothing title="Nothing has come in yet">As soon as WhatsApp delivers a message, it appears here.</Nothing>
        : <>
          <Rows label="Messages">{all.slice(held).map((message) => <MessageRow message={message} key={message.id} />)}</Rows>
          <OlderButton of={feed} label="Older messages" />
        </>}
      </Shown>
    </>
  );
}
