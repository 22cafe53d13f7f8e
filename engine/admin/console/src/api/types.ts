// What the engine's API answers; engine/admin/openapi.json is the document of it.
export interface Page<T> {
  data: T[];
  next: string | null;
}

export type Annotations = Record<string, string>;

export interface Message {
  id: string;
  direction: 'in' | 'out';
  wamid: string | null;
  type: string;
  text: string;
  state: string;
  at: string;
  annotations: Annotations | null;
  error: { code: number; text: string } | null;
  answers: string | null;
  trace_id?: string | null;
}

export interface Place {
  deployment: string | null;
  phone_number_id: string;
  user: string;
}

// What concerns nobody in particular, as a change of the account, has no user.
export type PlacedMessage = Message & Omit<Place, 'user'> & { user: string | null };

export interface Conversation extends Place {
  wa_id: string | null;
  user_id: string | null;
  name: string | null;
  last_at: string;
  last_message: Message | null;
}

export interface History extends Place, Page<Message> {
  wa_id: string | null;
  user_id: string | null;
  name: string | null;
  window: { open: boolean; until: string | null };
}

export interface Step {
  at: string | null;
  step: string;
  text: string;
  ok: boolean | null;
  details: Record<string, unknown>;
}

export interface Timeline {
  message: PlacedMessage;
  verdict: string;
  remedy: string | null;
  timeline: Step[];
  raw: unknown;
}

export interface WebhookPost {
  id: string;
  at: string;
  peer: string;
  bytes: number;
  app: string | null;
  outcome: 'accepted' | 'refused';
  reason: string | null;
  status: number;
  items: number;
}

export interface WebhookItem {
  id: string;
  kind: string;
  phone_number_id: string;
  raw: unknown;
}

export type WebhookPostInFull = Omit<WebhookPost, 'items'> & { items: WebhookItem[]; body: string | null };

export interface DeadLetter {
  id: number;
  direction: 'in' | 'out';
  message: string;
  deployment: string | null;
  phone_number_id: string | null;
  user: string | null;
  at: string;
  reason: string;
  detail: string;
  message_object?: Message | null;
}

export interface Unsent {
  id: number;
  message: string;
  state: string;
  deployment: string | null;
  phone_number_id: string;
  to: string;
  since: string;
  reason: string;
}

export interface Trial {
  version: string;
  sha256: string;
  state: 'running' | 'taken back';
  percent?: number;
  turns?: number;
  failures?: number;
  seconds?: number;
  reason?: string;
}

export interface Agent {
  id: string;
  version: string;
  summary: string;
  path: string;
  sha256?: string;
  problem?: string;
  handover?: string;
  health?: { state: string; text: string | null; seconds_ago: number };
  worker?: { pid: number | null; state: string; restarts: number; last_end: string | null };
  canary?: Trial;
  shadow?: Trial;
}

export interface Deployment {
  id: string;
  phone_number_id: string;
  not_sending_because: string | null;
  default: boolean;
  followups: number;
  deadline_ms: number;
  agent: Agent;
}

export interface Status {
  version: string;
  started_at: string;
  ready: boolean;
  not_ready_because: string | null;
  backlog: { open: number; unsent: number; held: number; in_memory: { inbox: number; outbox: number } };
  stored: { messages: number; statuses: number; unrouted: number; dead_letters: number };
  last_errors: { at: string; reason: string; detail: string }[];
}

export interface AccountHealth {
  verdict: string;
  reasons: { problem: string; remedy: string | null }[];
  engine: Record<string, unknown>;
  meta: Record<string, unknown> | null;
}

export interface Account {
  account_id: string;
  phone_number?: string | null;
  phone_number_id?: string | null;
  waba_id?: string | null;
  status: string;
  source?: 'file' | 'api';
  problem?: string | null;
  agent?: string | null;
  agent_webhook_url?: string | null;
  created_at?: string | null;
  version?: number | null;  // null: of the file
  business_profile?: { name?: string; industry?: string; description?: string; email?: string } | null;
}
