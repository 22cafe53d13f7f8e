// A list whose newest page is asked for again and again, and whose older pages are fetched on demand.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ApiError } from './api/client';
import type { Page } from './api/types';
import { type Polled, usePoll } from './poll';

export interface Feed<T> extends Polled<T[]> {
  more: boolean;
  busy: boolean;
  older: () => Promise<void>;
  olderError?: ApiError;
}

interface Kept<T> {
  key: string;
  rows: T[];
  next: string | null | undefined;  // of the oldest page; undefined: no page was read
}

const most = 5_000;  // rows; who wants older ones searches

// Rows come newest first. What once was seen stays when newer rows push it out of the newest page; `again` forgets it.
export function useFeed<T>(key: string, load: (after: string | null, signal?: AbortSignal) => Promise<Page<T>>, idOf: (row: T) => string | number, every: number): Feed<T> {
  const [round, setRound] = useState(0);
  const mine = `${key} ${round}`;
  const newest = usePoll(mine, (signal) => load(null, signal), every);
  const [kept, setKept] = useState<Kept<T>>({ key: mine, rows: [], next: undefined });
  const [busy, setBusy] = useState(false);
  const [olderError, setOlderError] = useState<ApiError>();

  const add = (page: Page<T>, isNewest: boolean) => setKept((before) => {
    const now = before.key === mine ? before : { key: mine, rows: [], next: undefined };
    const ids = new Set((isNewest ? page.data : now.rows).map(idOf));
    const others = (isNewest ? now.rows : page.data).filter((row) => !ids.has(idOf(row)));
    const rows = isNewest ? [...page.data, ...others] : [...now.rows, ...others];
    return { key: mine, rows: rows.slice(0, most), next: rows.length > most ? null : isNewest && now.next !== undefined ? now.next : page.next };
  });
  useEffect(() => {
    if (newest.data) add(newest.data, true);
  }, [newest.data]);

  const next = kept.key === mine ? kept.next : undefined;
  const older = async () => {
    if (!next || busy) return;
    setBusy(true);
    try {
      add(await load(next), false);
      setOlderError(undefined);
    } catch (reason) {
      setOlderError(reason as ApiError);
    } finally {
      setBusy(false);
    }
  };
  const again = useCallback(() => setRound((n) => n + 1), []);
  const isThere = kept.key === mine && kept.next !== undefined;
  return { data: isThere ? kept.rows : undefined, error: newest.error, again, more: Boolean(next), busy, older, olderError };
}
