// How often each of some words occurs, most often first, or in a given order.
import { numberOf } from '../format';

export interface Bar {
  label: string;
  count: number;
}

export function countsOf(words: string[], most = 8): Bar[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1).reduce((sum, bar) => sum + bar.count, 0);
  return [...sorted.slice(0, most - 1), { label: 'others', count: rest }];
}

export function Bars({ title, bars, empty }: { title: string; bars: Bar[]; empty: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <section class="bars">
      <h3>{title}</h3>
      {bars.length === 0 ? <p class="soft">{empty}</p> : (
        <ul>
          {bars.map((bar) => (
            <li>
              <span>{bar.label}</span>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={(bar.count / most) * 100} height="8" rx="1" /></svg>
              <b>{numberOf(bar.count)}</b>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
