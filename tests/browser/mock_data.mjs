// An engine's data for the console's tests: the same every time. It is 14:05 in India on 22 November 2026.
export const now = Date.parse('2026-11-22T08:35:00.000Z');
const iso = (ms) => new Date(ms).toISOString();
const ago = (seconds) => iso(now - Math.round(seconds * 1000));

// Whose message at 14:03 got no answer.
export const silent = { user: '919820011223', name: 'Ananya Rao', message: 'in-4711', letter: 7 };

const people = [
  ['919876500001', 'Meera Iyer'], ['919812345678', 'Rohan Sharma'], ['918800112233', 'Sana Khan'], ['917012345670', 'Arjun Nair'],
  ['919900887766', 'Divya Patel'], ['919123456780', null], ['916005550123', 'Kabir Singh'], ['919445566778', 'Lakshmi Narayanan'],
];
const turns = [
  ['What is the annual fee?', 'The joining fee is ₹499 plus GST. There is no annual fee in the first year when you spend ₹1,00,000.', 'FEES', 'ENGLISH', 'asked'],
  ['card kab tak aayega?', 'Card 7 se 10 din mein aa jaata hai. Track karne ke liye app mein “Card status” kholein.', 'DELIVERY', 'HINGLISH', 'asked'],
  ['मेरा कार्ड ब्लॉक कर दो', 'आपका कार्ड तुरंत ब्लॉक किया जा सकता है। पुष्टि के लिए “हाँ” लिखें।', 'BLOCK_CARD', 'HINDI', 'incident'],
  ['Hi', 'Hello! I can help with the Edge card: fees, rewards, EMI, or an application.', 'GREETING', 'ENGLISH', 'opened'],
  ['How many jewels do I get on Amazon?', 'On shopping with the card you earn 2 % back in jewels, credited within 3 days.', 'REWARDS', 'ENGLISH', 'asked'],
  ['apply karna hai', 'Bahut badhiya! Apply karne mein 5 minute lagte hain. Kya shuru karein?', 'APPLY', 'HINGLISH', 'applying'],
  ['Can I convert 12000 to EMI?', 'Yes. For ₹12,000 over 6 months it is ₹2,075 a month at 16 % a year.', 'EMI', 'ENGLISH', 'asked'],
  ['thanks a lot', 'Happy to help. Write any time.', 'THANKS', 'ENGLISH', 'closed'],
];
const ends = ['read', 'read', 'delivered', 'read', 'sent', 'delivered', 'read'];

const wamid = (n) => `wamid.HBgMOTE5ODIwMDExMjIzFQIAEhggQUM${String(n).padStart(6, '0')}A0`;
const base = { deployment: 'jupiter-edge', phone_number_id: '100000000000001' };

function talk() {
  const out = [];
  for (let i = 0; i < 120; ++i) {
    const [user] = people[(i * 5 + (i >> 3)) % people.length];
    const [question, answer, intent, language, stage] = turns[(i * 3 + (i >> 2)) % turns.length];
    const at = now - (i * 17 + (i % 5) * 3 + 4) * 1000;
    const place = i % 9 === 4 ? { deployment: 'support-desk', phone_number_id: '222' } : base;
    const n = 4800 - i;
    out.push({
      ...place, user, id: `out-${n}`, direction: 'out', wamid: wamid(n + 20_000), type: 'text', text: answer, state: i === 0 ? 'queued' : ends[i % ends.length],
      at: iso(at + 1_400), annotations: {}, error: null, answers: `in-${n}`,
    });
    out.push({
      ...place, user, id: `in-${n}`, direction: 'in', wamid: wamid(n), type: 'text', text: question, state: 'answered', at: iso(at),
      annotations: { language, intent, confidence: (0.81 + (i % 19) / 100).toFixed(2), stage }, error: null, answers: null,
    });
  }
  return out;
}

const mine = { ...base, user: silent.user };
const quiet = [
  { ...mine, id: 'in-4690', direction: 'in', wamid: wamid(4690), type: 'text', text: 'Is there a joining fee?', state: 'answered', at: '2026-11-22T08:30:41.120Z', annotations: { language: 'ENGLISH', intent: 'FEES', stage: 'asked' }, error: null, answers: null },
  { ...mine, id: 'out-4690', direction: 'out', wamid: wamid(24690), type: 'text', text: 'The joining fee is ₹499 plus GST.', state: 'read', at: '2026-11-22T08:30:42.310Z', annotations: {}, error: null, answers: 'in-4690' },
  { ...mine, id: silent.message, direction: 'in', wamid: wamid(4711), type: 'text', text: 'And can I pay it in two parts?', state: 'dead', at: '2026-11-22T08:33:07.482Z', annotations: {}, error: { code: 0, text: 'The agent did not answer within 20 s.' }, answers: null },
];
const failed = {
  ...base, user: '919812345678', id: 'out-4655', direction: 'out', wamid: null, type: 'text', text: 'Your application is complete. We will call you tomorrow.', state: 'failed',
  at: ago(900), annotations: {}, error: { code: 131047, text: 'More than 24 hours have passed since the person wrote.' }, answers: 'in-4650',
};
const held = {
  ...base, user: '919812345678', id: 'out-4660', direction: 'out', wamid: null, type: 'text', text: 'Your card is on its way.', state: 'held',
  at: ago(1_200), annotations: {}, error: { code: 0, text: 'no answer within 30 s' }, answers: 'in-4651',
};
const stray = { deployment: null, phone_number_id: '333', user: '14155550123', id: 'in-4600', direction: 'in', wamid: wamid(4600), type: 'text', text: 'Is this the store in Fremont?', state: 'unrouted', at: ago(5_400), annotations: {}, error: null, answers: null };

export const messages = [...talk(), ...quiet, failed, held, stray].sort((a, b) => b.at.localeCompare(a.at));
const nameOf = (user) => (user === silent.user ? silent.name : people.find(([one]) => one === user)?.[1] ?? null);

export const bare = ({ deployment, phone_number_id, user, ...message }) => message;

export const conversations = [...new Map([...messages].reverse().map((one) => [`${one.phone_number_id}/${one.user}`, one])).values()]
  .map((last) => ({
    deployment: last.deployment, phone_number_id: last.phone_number_id, user: last.user, wa_id: last.user, user_id: null, name: nameOf(last.user), last_at: last.at, last_message: bare(last),
  }))
  .sort((a, b) => b.last_at.localeCompare(a.last_at));

function step(at, name, text, ok, details = {}) {
  return { at, step: name, text, ok, details };
}

const silentTimeline = [
  step('2026-11-22T08:33:07.482Z', 'webhook', 'Came with a signed webhook from Meta.', true, { webhook: 'post-312', peer: '173.252.88.12', bytes: 612 }),
  step('2026-11-22T08:33:07.489Z', 'lane', 'First in its conversation; nothing was before it.', true, { waiting: 0 }),
  step('2026-11-22T08:33:07.490Z', 'turn', 'credit-card-agent 1.4.2 began, and had not answered after 20 s.', false, { attempt: 1, agent: 'credit-card-agent 1.4.2', deadline: '20 s' }),
  step('2026-11-22T08:33:27.491Z', 'reply', 'No fallback was sent: the deployment has none.', false),
  step('2026-11-22T08:33:27.493Z', 'dead_letter', 'Put aside as dead letter 7.', null, { letter: 7 }),
  step('2026-11-22T08:33:38.100Z', 'duplicate', 'Meta delivered it again; it was known.', null, { webhook: 'post-313' }),
];

function timelineOf(message) {
  if (message.id === silent.message)
    return {
      verdict: 'No answer was sent: the agent did not finish within its deadline of 20 s, and the deployment has no fallback.',
      remedy: 'See what the agent waited for at 14:03 (its log, its servers), then retry dead letter 7. A `fallback` in the configuration would have told the person.', timeline: silentTimeline,
    };
  const at = (ms) => iso(Date.parse(message.at) + ms);
  if (message.state === 'unrouted')
    return { verdict: 'It waits: no deployment answers for number 333.', remedy: 'Add a deployment with phone_number_id 333; then it is delivered.', timeline: [step(message.at, 'webhook', 'Came with a signed webhook from Meta.', true, { webhook: 'post-240' })] };
  if (message.direction === 'out' && message.state === 'failed')
    return {
      verdict: 'It was not sent: the 24-hour window was closed.', remedy: 'Send a template, or set outside_window.',
      timeline: [step(message.at, 'reply', 'Queued as an answer.', true, { answers: message.answers }), step(at(90), 'attempt', 'Graph refused it: error 131047.', false, { status: 400, code: 131047 })],
    };
  if (message.state === 'held')
    return {
      verdict: 'It is open whether WhatsApp has the reply: no answer within 30 s.', remedy: 'Who knows better sends it again, or cancels it, by hand.',
      timeline: [step(message.at, 'reply', 'Queued as an answer.', true), step(at(30_000), 'attempt', 'Call 1: no answer within 30 s. It is open whether WhatsApp has it.', false)],
    };
  if (message.direction === 'out')
    return {
      verdict: `It was ${message.state === 'queued' ? 'queued and is about to be sent' : message.state}.`, remedy: null,
      timeline: [step(message.at, 'reply', 'Queued as an answer.', true, { answers: message.answers }), step(at(120), 'attempt', 'Graph took it.', true, { status: 200, ms: 118 }), step(at(900), 'status', 'WhatsApp says: delivered.', true)],
    };
  return {
    verdict: 'It was answered in 1.4 s.', remedy: null,
    timeline: [
      step(message.at, 'webhook', 'Came with a signed webhook from Meta.', true, { webhook: 'post-311' }),
      step(at(6), 'turn', 'credit-card-agent 1.4.2 answered with 1 message.', true, { attempt: 1, ms: 38 }),
      step(at(44), 'reply', 'Its reply was queued.', true, { reply: message.id.replace('in', 'out') }),
    ],
  };
}

export function inFull(message) {
  return {
    message, ...timelineOf(message),
    raw: { from: message.user, id: message.wamid, timestamp: String(Math.floor(Date.parse(message.at) / 1000)), type: message.type, text: { body: message.text } },
  };
}

export const posts = [
  ...Array.from({ length: 30 }, (_, i) => ({ id: `post-${330 - i}`, at: ago(i * 21 + 6), peer: '173.252.88.12', bytes: 560 + (i * 37) % 300, app: '1234567890', outcome: 'accepted', reason: null, status: 200, items: 1 + (i % 3) })),
  { id: 'refused-3', at: ago(310), peer: '203.0.113.77', bytes: 48, app: null, outcome: 'refused', reason: 'signature mismatch', status: 401, items: 0 },
  { id: 'refused-2', at: ago(1_330), peer: '198.51.100.9', bytes: 1_204, app: null, outcome: 'refused', reason: 'not a webhook: entry is missing', status: 400, items: 0 },
].sort((a, b) => b.at.localeCompare(a.at));

export function postInFull(post) {
  const items = Array.from({ length: post.items }, (_, i) => {
    const message = messages.filter((one) => one.direction === 'in')[(330 - Number(post.id.split('-')[1])) * 2 + i];
    return { id: message.id, kind: 'message', phone_number_id: message.phone_number_id, raw: inFull(message).raw };
  });
  return { ...post, items, body: post.outcome === 'refused' ? '{"object":"page","id":1,"probe":"<script>alert(1)</script>"}' : null };
}

export const deadLetters = () => [
  { id: 5, direction: 'out', message: 'out-4655', ...base, user: '919812345678', at: ago(900), reason: 'rejected', detail: '131047: more than 24 hours have passed since the person wrote' },
  { id: silent.letter, direction: 'in', message: silent.message, ...mine, at: '2026-11-22T08:33:27.493Z', reason: 'deadline', detail: 'credit-card-agent 1.4.2 did not answer within 20 s' },
];

const agent = (more) => ({ id: 'credit-card-agent', version: '1.4.2', summary: 'Answers questions about the Edge credit card', path: '/opt/parley/lib/parley/agents/credit-card-agent.so', sha256: '9f2c41d07ab3'.padEnd(64, '0'), ...more });

export const deployments = () => [
  {
    id: 'jupiter-edge', phone_number_id: '100000000000001', not_sending_because: null, default: true, followups: 14, deadline_ms: 20_000,
    agent: agent({ health: { state: 'degraded', text: 'The model answers slowly; built-in answers are used.', seconds_ago: 4 }, canary: { version: '1.5.0', sha256: 'aa71'.padEnd(64, '1'), state: 'running', percent: 5, turns: 38, failures: 1, seconds: 412 } }),
  },
  {
    id: 'support-desk', phone_number_id: '222', not_sending_because: 'Graph refused the access token (190)', default: false, followups: 0, deadline_ms: 60_000,
    agent: { id: 'http-forwarder', version: '1.0.0', summary: 'Hands messages to a bot behind HTTP', path: '/opt/parley/lib/parley/agents/http-forwarder.so', sha256: '51be'.padEnd(64, '2'), worker: { pid: 4182, state: 'running', restarts: 1, last_end: 'killed by signal 11' } },
  },
];

export const agents = [agent({}), deployments()[1].agent, { id: 'echo', version: '1.0.0', summary: 'Says what it hears', path: '/opt/parley/lib/parley/agents/echo.so' }]
  .map(({ worker, sha256, ...one }) => one);

export const accounts = () => [
  { account_id: 'jupiter-edge', phone_number: '+919000000001', phone_number_id: '100000000000001', waba_id: '880001', status: 'active', source: 'file', agent: 'credit-card-agent', problem: null, created_at: null, changed_at: null, business_profile: { name: 'Jupiter Edge', industry: 'FINANCE', description: 'Credit cards' } },
  { account_id: 'bakery', version: 4, phone_number: '+919000000002', phone_number_id: '444', waba_id: '880002', status: 'pending_verification', source: 'api', agent: 'http-forwarder', problem: null, changed_at: '2026-11-21T10:00:00.000Z', agent_webhook_url: 'https://bot.example.com/hook', created_at: '2026-11-21T10:00:00.000Z', business_profile: { name: 'Anna’s Bakery', industry: 'RESTAURANT' } },
];

export const health = {
  account_id: 'jupiter-edge', verdict: 'degraded', reasons: [{ problem: 'its agent says that it is degraded', remedy: null }, { problem: 'Meta rates its quality YELLOW', remedy: 'send less, and only what people expect' }],
  engine: { status: 'active', last_24_hours: { in: 1_204, out: 1_377, failed: 3, partial: false }, backlog: { open: 2, unsent: 9 }, last_webhook_at: ago(6), not_sending_because: null, agent: { id: 'credit-card-agent', version: '1.4.2', problem: null, health: 'degraded' } },
  meta: { display_phone_number: '+91 90000 00001', verified_name: 'Jupiter Edge', quality_rating: 'YELLOW', status: 'CONNECTED', throughput: 'STANDARD', messaging_limit: 'TIER_10K', health_status: null },
};

export const status = (letters) => ({
  version: '0.1.0', started_at: ago(183_000), ready: true, not_ready_because: null,
  backlog: { open: 3, unsent: 9, held: 1, in_memory: { inbox: 3, outbox: 9 } },
  stored: { messages: 48_211, statuses: 131_077, unrouted: 1, dead_letters: letters.length },
  last_errors: letters.map(({ at, reason, detail }) => ({ at, reason, detail })),
});

// Counters after `looks` looks of three seconds each.
export function metrics(looks) {
  const lines = [];
  const wave = (i) => 1 + Math.sin(i / 3) * 0.5 + Math.sin(i / 1.3) * 0.2;
  let received = 0;
  let slow = 0;
  for (let i = 0; i <= looks; ++i) {
    received += Math.round(30 * wave(i));
    slow += i % 7 === 3 ? 4 : 1;
  }
  lines.push(`parley_webhook_items_total{kind="message",result="accepted"} ${received}`, `parley_graph_calls_total{result="sent"} ${Math.round(received * 1.08)}`);
  lines.push(`parley_graph_calls_total{result="rejected"} ${Math.floor(looks / 9)}`, `parley_turns_total{result="answered"} ${received}`, `parley_turns_total{result="deadline"} ${Math.floor(looks / 14)}`);
  const histogram = (name, bounds, share) => {
    bounds.forEach((bound, i) => lines.push(`${name}_bucket{le="${bound}"} ${Math.max(0, Math.round(received * share[i]) - (i < bounds.length - 2 ? slow : 0))}`));
    lines.push(`${name}_bucket{le="+Inf"} ${received}`, `${name}_count ${received}`);
  };
  histogram('parley_webhook_ack_seconds', [0.001, 0.005, 0.01, 0.025], [0.4, 0.93, 0.99, 1]);
  histogram('parley_turn_seconds', [0.01, 0.05, 0.1, 0.5], [0.3, 0.8, 0.97, 1]);
  histogram('parley_graph_call_seconds', [0.05, 0.1, 0.25, 0.5], [0.2, 0.7, 0.98, 1]);
  return `${lines.join('\n')}\n`;
}
