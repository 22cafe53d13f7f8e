// Two bots as people write them with public SDKs: they verify Meta's signature, answer every text, and note what they
// got. node bot.mjs SDK, with PORT, GRAPH, TOKEN, APP_SECRET, NOTES and, to die once before a text is answered, DIE_AT.
import { webcrypto } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { PORT, GRAPH, TOKEN, APP_SECRET, NOTES, DIE_AT } = process.env;
const note = line => appendFileSync(NOTES, line + '\n');

function dieOnce(text) {
  const mark = NOTES + '.died';
  if (text !== DIE_AT || existsSync(mark)) return;
  writeFileSync(mark, '');
  process.kill(process.pid, 'SIGKILL');
}

async function whatsappApiJs() {
  const { WhatsAppAPI } = await import('whatsapp-api-js/middleware/node-http');
  const { Text } = await import('whatsapp-api-js/messages');
  // This SDK has no setting for the address of Graph; its fetch has.
  const fetchAt = (url, init) => fetch(url.replace('https://graph.facebook.com', GRAPH), init);
  // Node 18 has no global crypto.
  const ponyfill = { fetch: fetchAt, subtle: webcrypto.subtle };
  const api = new WhatsAppAPI({ token: TOKEN, appSecret: APP_SECRET, v: 'v20.0', ponyfill });
  api.on.message = async ({ phoneID, from, message, name }) => {
    dieOnce(message.text.body);
    const sent = await api.sendMessage(phoneID, from, new Text('bot: ' + message.text.body), undefined, 'about ' + message.id);
    if (sent.error) throw new Error(sent.error.message);
    note(`message ${message.id} ${name ?? '-'} ${message.text.body} -> ${sent.messages[0].id}`);
  };
  api.on.status = ({ id, status, biz_opaque_callback_data }) => note(`status ${status} ${id} ${biz_opaque_callback_data}`);
  return async (request, response) => {
    response.statusCode = await api.handle_post(request);
    response.end();
  };
}

async function kapso() {
  const { WhatsAppClient } = await import('@kapso/whatsapp-cloud-api');
  const { normalizeWebhook, verifySignature } = await import('@kapso/whatsapp-cloud-api/server');
  const client = new WhatsAppClient({ accessToken: TOKEN, baseUrl: GRAPH, graphVersion: 'v24.0' });

  async function take(events) {
    for (const message of events.messages) {
      dieOnce(message.text.body);
      const sent = await client.messages.sendText({
        phoneNumberId: events.phoneNumberId, to: message.from, body: 'bot: ' + message.text.body,
        bizOpaqueCallbackData: 'about ' + message.id });
      const name = events.contacts[0]?.profile?.name ?? '-';
      note(`message ${message.id} ${name} ${message.text.body} -> ${sent.messages[0].id}`);
    }
    for (const status of events.statuses) note(`status ${status.status} ${status.id} ${status.bizOpaqueCallbackData}`);
  }
  return async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks);
    const signatureHeader = request.headers['x-hub-signature-256'];
    if (!verifySignature({ appSecret: APP_SECRET, rawBody, signatureHeader })) return response.writeHead(401).end();
    try {
      await take(normalizeWebhook(JSON.parse(rawBody)));
      response.writeHead(200).end();
    } catch (error) {
      console.error(error);
      response.writeHead(500).end();
    }
  };
}

const handler = await { 'whatsapp-api-js': whatsappApiJs, kapso }[process.argv[2]]();
createServer(handler).listen(Number(PORT), '127.0.0.1', () => note('ready'));
