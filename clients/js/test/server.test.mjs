import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Client } from '@stomp/stompjs';
import { WebSocket } from 'ws';
import { within } from './broker.mjs';
import { Follower } from './follower.mjs';

/** A Fanfare broker that runs, without a configuration. */
const URI = process.env.FANFARE_URI;

let publisher;
let followers;

beforeEach(async () => {
  followers = [];
  publisher = new Client({ webSocketFactory: () => new WebSocket(URI, ['v12.stomp']) });
  await within(
    new Promise((resolve) => {
      publisher.onConnect = resolve;
      publisher.activate();
    }),
    'CONNECTED',
  );
});

afterEach(async () => {
  for (const follower of followers) await follower.stop();
  await publisher.deactivate();
});

function follow(destination, options = { key: 'symbol' }) {
  const follower = Follower.start(URI, destination, options);
  followers.push(follower);
  return follower;
}

/** Returns when the message is in. */
function publish(destination, symbol, body, headers = {}) {
  const receipt = `in-${Math.random()}`;
  const done = new Promise((resolve) => publisher.watchForReceipt(receipt, resolve));
  publisher.publish({ destination, body: JSON.stringify(body), headers: { symbol, receipt, ...headers } });
  return within(done, 'RECEIPT');
}

/** The next change of a key. */
async function change(follower) {
  for (;;) {
    const told = await follower.next('a change');
    if (told.key) return told;
  }
}

describe('a topic of which the broker keeps nothing', { skip: !URI }, () => {
  test('is followed live, and after a reconnect', async () => {
    const follower = follow('/topic/plain');
    assert.deepEqual(await follower.state(), {});
    await publish('/topic/plain', 'ACME', { price: 1 });
    assert.deepEqual((await change(follower)).value, { price: 1 });
    follower.client.forceDisconnect();
    await follower.state();
    await publish('/topic/plain', 'ACME', { price: 2 });
    const next = await change(follower);
    assert.deepEqual([next.value, next.previous], [{ price: 2 }, { price: 1 }]);
  });
});
