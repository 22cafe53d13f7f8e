// Reads what /metrics says: the Prometheus text format, as far as the charts need it.
export type Labels = Record<string, string>;
export interface Sample {
  labels: Labels;
  value: number;
}
export type Exposition = Map<string, Sample[]>;

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parse(text: string): Exposition {
  const out: Exposition = new Map();
  for (const row of text.split('\n')) {
    if (row === '' || row.startsWith('#')) continue;
    const match = line.exec(row);
    if (!match) continue;
    const labels: Labels = {};
    for (const [, name, value] of (match[2] ?? '').matchAll(label)) labels[name!] = value!.replace(/\\(.)/g, '$1');
    const value = match[3] === '+Inf' ? Infinity : Number(match[3]);
    const samples = out.get(match[1]!) ?? [];
    samples.push({ labels, value });
    out.set(match[1]!, samples);
  }
  return out;
}

// The sum over all samples that have these labels.
export function sum(from: Exposition, name: string, labels: Labels = {}): number {
  const wanted = Object.entries(labels);
  return (from.get(name) ?? [])
    .filter((sample) => wanted.every(([key, value]) => sample.labels[key] === value))
    .reduce((total, sample) => total + sample.value, 0);
}

// Cumulative counts by upper bound, in order.
export function buckets(from: Exposition, name: string): [number, number][] {
  return (from.get(`${name}_bucket`) ?? [])
    .map((sample): [number, number] => [sample.labels.le === '+Inf' ? Infinity : Number(sample.labels.le), sample.value])
    .sort((a, b) => a[0] - b[0]);
}
