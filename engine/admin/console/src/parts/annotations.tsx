// What an agent noted about a message.
import type { Annotations as Notes } from '../api/types';

export function Annotations({ of }: { of: Notes | null | undefined }) {
  const notes = Object.entries(of ?? {});
  if (notes.length === 0) return null;
  return (
    <ul class="notes" aria-label="Annotations">
      {notes.map(([key, value]) => <li><span>{key}</span> {String(value)}</li>)}
    </ul>
  );
}
