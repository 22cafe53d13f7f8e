// Fetches the page behind the oldest row.
import type { Feed } from '../feed';

export function OlderButton<T>({ of, label }: { of: Feed<T>; label: string }) {
  if (!of.more && !of.olderError) return null;
  return (
    <p class="older">
      <button type="button" disabled={of.busy} onClick={() => void of.older()}>{of.busy ? 'Fetching…' : label}</button>
      {of.olderError && <span class="bad-text" role="alert">{of.olderError.message}</span>}
    </p>
  );
}
