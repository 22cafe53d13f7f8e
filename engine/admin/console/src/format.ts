// Times, numbers and names as people read them.
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const shortDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const count = new Intl.NumberFormat('en-US');

export const timeOf = (at: string) => clock.format(new Date(at));
export const minuteOf = (at: string) => minutes.format(new Date(at));
export const dayOf = (at: string) => date.format(new Date(at));
export const numberOf = (value: number) => count.format(value);

// "14:03:22.417"
export function preciseTimeOf(at: string): string {
  return `${timeOf(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

// The time of today, else the day too.
export function momentOf(at: string, now = Date.now()): string {
  const same = new Date(at).toDateString() === new Date(now).toDateString();
  return same ? timeOf(at) : `${shortDate.format(new Date(at))}, ${minuteOf(at)}`;
}

export function spanOf(ms: number): string {
  if (ms < 1) return '0 ms';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.round(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.round(s % 60)} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

// "+91 98765 00001"; user ids stay as they are.
export function personOf(user: string | null): string {
  if (!user) return 'nobody in particular';
  if (!/^\d{7,15}$/.test(user)) return user;
  const india = /^91(\d{5})(\d{5})$/.exec(user);
  return india ? `+91 ${india[1]} ${india[2]}` : `+${user}`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${numberOf(value)} ${value === 1 ? one : many}`;
}

// Constant for a name, so that a person keeps their colour.
export function hueOf(text: string): number {
  let sum = 0;
  for (const c of text) sum = (sum * 31 + c.codePointAt(0)!) % 997;
  return sum % 8;
}
