// What is shown in place of data: it is being fetched, there is none, or it cannot be had.
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/client';
import type { Polled } from '../poll';

export function Nothing({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="nothing">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, () => <i />)}
    </div>
  );
}

function titleOf(error: ApiError): string {
  if (error.status === 0) return 'The engine does not answer';
  if (error.status === 403) return 'This key may not see that';
  if (error.status === 404) return 'There is no such thing here';
  if (error.status === 503) return 'The engine is busy';
  return 'That did not work';
}

export function Trouble({ error, again }: { error: ApiError; again?: () => void }) {
  return (
    <div class="nothing trouble" role="alert">
      <h2>{titleOf(error)}</h2>
      <p>{error.message}</p>
      {again && error.status !== 403 && error.status !== 404 && <button type="button" onClick={again}>Try again</button>}
    </div>
  );
}

// The data as soon as there are some; data of an earlier look stay while a later one fails.
export function Shown<T>({ of, rows, children }: { of: Polled<T>; rows?: number; children: (data: T) => ComponentChildren }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Trouble error={of.error} again={of.again} />;
  return <Skeleton rows={rows} />;
}
