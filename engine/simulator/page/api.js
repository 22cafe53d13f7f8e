// The simulator's HTTP surface, as the page uses it.

async function request(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? `The simulator answered ${response.status}`);
  return answer;
}

export function sendMessage(message) {
  return request('POST', '/sim/messages', message);
}

export function tellSeen(phoneNumberId, user) {
  return request('POST', '/sim/seen', { phone_number_id: phoneNumberId, user });
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls `onChanges` with every answer, for ever; `onLost` with true when the simulator cannot be reached, false when it can again.
export async function followEvents(onChanges, onLost) {
  let after = 0;
  let epoch = null;
  let lost = false;
  for (;;) {
    try {
      const changes = await request('GET', `/sim/events?after=${after}&wait=${after === 0 ? 0 : 25}`);
      if (lost) onLost((lost = false));
      const restarted = epoch !== null && epoch !== changes.epoch;
      epoch = changes.epoch;
      after = changes.next;
      if (restarted) after = 0;  // its revisions are others: all of it is asked for again
      onChanges(changes, restarted);
      // An empty simulator has revision 0, for which the server would answer at once again.
      if (after === 0) await pause(400);
    } catch {
      if (!lost) onLost((lost = true));
      await pause(1500);
    }
  }
}
