// Names and values; what is unknown is left out.
import type { ComponentChildren } from 'preact';

export function Facts({ of }: { of: [string, ComponentChildren][] }) {
  const known = of.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return (
    <dl class="facts">
      {known.map(([name, value]) => <div><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}
