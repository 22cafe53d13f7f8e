// Data that is asked for again and again, while somebody looks.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './api/client';

export interface Polled<T> {
  data?: T;
  error?: ApiError;  // of the last try; data of an earlier one stays
  again: () => void;
}

// Asks when `key` changes, and then every `every` ms; 0: once. A hidden tab asks nothing.
export function usePoll<T>(key: string, load: (signal: AbortSignal) => Promise<T>, every: number): Polled<T> {
  const [result, setResult] = useState<{ key: string; data?: T; error?: ApiError }>({ key });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const stop = new AbortController();
    let clock = 0;
    const next = () => {
      if (every > 0 && !stop.signal.aborted) clock = window.setTimeout(look, every);
    };
    const look = async () => {
      if (document.hidden) return next();
      try {
        const data = await latest.current(stop.signal);
        if (!stop.signal.aborted) setResult({ key, data });
      } catch (reason) {
        if (stop.signal.aborted) return;
        const error = reason instanceof ApiError ? reason : new ApiError(-1, 'The answer of the engine could not be read.');
        setResult((before) => ({ key, data: before.key === key ? before.data : undefined, error }));
      }
      next();
    };
    const wake = () => {
      if (document.hidden || every === 0) return;
      clearTimeout(clock);
      void look();
    };
    void look();
    document.addEventListener('visibilitychange', wake);
    return () => {
      stop.abort();
      clearTimeout(clock);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [key, every, round]);

  const again = useCallback(() => setRound((n) => n + 1), []);
  return result.key === key ? { data: result.data, error: result.error, again } : { again };
}
