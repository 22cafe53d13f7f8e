// Lines over time, drawn as SVG, with what a pointer or the arrow keys point at told in words.
import { useState } from 'preact/hooks';
import { timeOf } from '../format';

export interface Line {
  label: string;
  tone: 'a' | 'b' | 'c';
  values: (number | null)[];
}

const width = 500;
const height = 150;
const left = 52;
const bottom = 20;
const top = 8;

// A round number at or above the largest value.
function ceiling(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= most)!;
}

function pathOf(values: (number | null)[], x: (i: number) => number, y: (v: number) => number): string {
  let path = '';
  let pen = 'M';
  values.forEach((value, i) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    path += `${pen}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

// `least` is what the scale reaches at least.
export function Chart({ title, at, lines, say, least = 1 }: { title: string; at: number[]; lines: Line[]; say: (value: number) => string; least?: number }) {
  const [point, setPoint] = useState<number | null>(null);
  const last = at.length - 1;
  const seen = point === null ? last : Math.min(point, last);
  const most = ceiling(Math.max(least, ...lines.flatMap((line) => line.values.map((value) => value ?? 0))));
  const x = (i: number) => left + (last <= 0 ? width - left : ((width - 4 - left) * i) / last);
  const y = (value: number) => top + (height - top - bottom) * (1 - value / most);
  const latest = (line: Line) => line.values[seen];
  const words = lines.map((line) => `${line.label} ${latest(line) === null || latest(line) === undefined ? 'none' : say(latest(line)!)}`).join(', ');
  const move = (event: PointerEvent) => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    const share = ((event.clientX - box.left) / box.width * width - left) / (width - left);
    setPoint(Math.round(Math.min(Math.max(share, 0), 1) * last));
  };
  const step = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    setPoint(Math.min(Math.max(seen + (event.key === 'ArrowLeft' ? -1 : 1), 0), last));
    event.preventDefault();
  };
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul class="legend">
          {lines.map((line) => (
            <li class={`tone-${line.tone}`}><i /> {line.label} <b>{latest(line) === null || latest(line) === undefined ? '–' : say(latest(line)!)}</b></li>
          ))}
        </ul>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" tabIndex={0} aria-label={`${title}: ${last < 0 ? 'nothing measured yet' : words}`}
        onPointerMove={move} onPointerLeave={() => setPoint(null)} onKeyDown={step} onBlur={() => setPoint(null)}>
        {[0, 0.5, 1].map((share) => (
          <g class="grid">
            <line x1={left} x2={width} y1={y(most * share)} y2={y(most * share)} />
            <text x={left - 8} y={y(most * share) + 4}>{say(most * share)}</text>
          </g>
        ))}
        {last >= 1 && <text class="axis" x={left} y={height - 4}>{timeOf(new Date(at[0]!).toISOString())}</text>}
        {last >= 1 && <text class="axis end" x={width - 4} y={height - 4}>{timeOf(new Date(at[seen]!).toISOString())}</text>}
        {lines.map((line) => <path class={`line tone-${line.tone}`} d={pathOf(line.values, x, y)} />)}
        {point !== null && last >= 1 && <line class="pointer" x1={x(seen)} x2={x(seen)} y1={top} y2={height - bottom} />}
        {lines.map((line) => {
          const value = latest(line);
          return value === null || value === undefined ? null : <circle class={`tone-${line.tone}`} cx={x(seen)} cy={y(value)} r="3" />;
        })}
        {last < 1 && <text class="axis middle" x={(width + left) / 2} y={height / 2}>Measuring…</text>}
      </svg>
    </figure>
  );
}
