// The last minutes of the engine's counters, from when the console was opened: rates and latencies.
import { getText } from '../api/client';
import { buckets, parse, sum } from './exposition';

export interface Moment {
  at: number;         // ms since 1970
  received: number;   // messages a second
  sent: number;
  failed: number;     // turns and sends that went wrong, a second
  ack: number | null; // 95th percentile in ms; null: nothing happened
  turn: number | null;
  graph: number | null;
}

interface Counters {
  at: number;
  received: number;
  sent: number;
  failed: number;
  ack: [number, number][];
  turn: [number, number][];
  graph: [number, number][];
}

export const interval = 3_000;
const kept = 200;  // ten minutes

let before: Counters | null = null;
let moments: Moment[] = [];

function countersOf(text: string): Counters {
  const from = parse(text);
  const failures = ['failed', 'deadline', 'crashed'].reduce((all, result) => all + sum(from, 'parley_turns_total', { result }), 0);
  return {
    at: Date.now(),
    received: sum(from, 'parley_webhook_items_total', { kind: 'message', result: 'accepted' }),
    sent: sum(from, 'parley_graph_calls_total', { result: 'sent' }),
    failed: failures + sum(from, 'parley_graph_calls_total', { result: 'rejected' }),
    ack: buckets(from, 'parley_webhook_ack_seconds'),
    turn: buckets(from, 'parley_turn_seconds'),
    graph: buckets(from, 'parley_graph_call_seconds'),
  };
}

// The 95th percentile, in ms, of what was counted between the two; linear inside a bucket.
export function quantile(now: [number, number][], then: [number, number][], share = 0.95): number | null {
  const counts = now.map(([bound, value], i): [number, number] => [bound, value - (then[i]?.[1] ?? 0)]);
  const total = counts.at(-1)?.[1] ?? 0;
  if (total <= 0) return null;
  const wanted = total * share;
  let low = 0;
  let below = 0;
  for (const [bound, value] of counts) {
    if (value >= wanted) {
      if (bound === Infinity) return low * 1000;
      return (low + ((bound - low) * (wanted - below)) / (value - below || 1)) * 1000;
    }
    low = bound;
    below = value;
  }
  return null;
}

function momentOf(now: Counters, then: Counters): Moment {
  const seconds = Math.max((now.at - then.at) / 1000, 0.001);
  const rate = (a: number, b: number) => Math.max(a - b, 0) / seconds;
  return {
    at: now.at,
    received: rate(now.received, then.received),
    sent: rate(now.sent, then.sent),
    failed: rate(now.failed, then.failed),
    ack: quantile(now.ack, then.ack),
    turn: quantile(now.turn, then.turn),
    graph: quantile(now.graph, then.graph),
  };
}

// Looks once more and gives all that is remembered. A restart of the engine, which begins to count at 0, begins anew.
export async function sample(signal?: AbortSignal): Promise<Moment[]> {
  const now = countersOf(await getText('/metrics', signal));
  if (before && now.received < before.received) before = null;
  if (before && now.at - before.at < interval / 2) return moments;
  if (before) moments = [...moments, momentOf(now, before)].slice(-kept);
  before = now;
  return moments;
}
