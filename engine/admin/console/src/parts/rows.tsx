// A list of rows that are links; the arrow keys walk through it, Home and End lead to its ends.
import type { ComponentChildren } from 'preact';

function walk(event: KeyboardEvent) {
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('a.row')];
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at < 0) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]!;
  rows[Math.min(Math.max(next, 0), rows.length - 1)]?.focus();
  event.preventDefault();
}

export function Rows({ label, children }: { label: string; children: ComponentChildren }) {
  return <ul class="rows" aria-label={label} onKeyDown={walk}>{children}</ul>;
}
