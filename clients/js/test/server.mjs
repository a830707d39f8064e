import { afterEach, beforeEach } from 'node:test';
import { Client } from '@stomp/stompjs';
import { WebSocket } from 'ws';
import { within } from './broker.mjs';
import { Follower } from './follower.mjs';

/** A Fanfare broker that runs. */
export const URI = process.env.FANFARE_URI;

let publisher;
let followers = [];

beforeEach(async () => {
  if (!URI) return;
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
  await publisher?.deactivate();
});

export function follow(destination, options = { key: 'symbol' }) {
  const follower = Follower.start(URI, destination, options);
  followers.push(follower);
  return follower;
}

/** Returns when the message is in. */
export function publish(destination, symbol, body, headers = {}) {
  const receipt = `in-${Math.random()}`;
  const done = new Promise((resolve) => publisher.watchForReceipt(receipt, resolve));
  publisher.publish({ destination, body: JSON.stringify(body), headers: { symbol, receipt, ...headers } });
  return within(done, 'RECEIPT');
}

/** The next change of a key. */
export async function change(follower) {
  for (;;) {
    const told = await follower.next('a change');
    if (told.key) return told;
  }
}

/** The follower has no connection while something happens. */
export async function away(follower, happens) {
  await follower.client.deactivate();
  await happens();
  follower.client.activate();
}
