import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { Client } from '@stomp/stompjs';
import { WebSocket } from 'ws';
import { renewTokens } from '../live.js';

/** A Fanfare broker that checks tokens, and what it checks them with. */
const URI = process.env.FANFARE_URI;
const SECRET = process.env.FANFARE_SECRET;

const LIFE_SECONDS = 600;
const base64 = (text) => Buffer.from(text).toString('base64url');

let client;
let begin; // in real time, which the mock stands still from

beforeEach(() => {
  if (!URI) return;
  begin = Math.floor(Date.now() / 1000);
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.now() });
  client = new Client({
    webSocketFactory: () => new WebSocket(URI, ['v12.stomp']),
    connectHeaders: { passcode: token(LIFE_SECONDS) },
    reconnectDelay: 0,
    connectionTimeout: 0,
    heartbeatIncoming: 0,
    heartbeatOutgoing: 0,
  });
});

afterEach(async () => {
  mock.timers.reset();
  await client?.deactivate({ force: true });
});

/** A JWT (RFC 7519) of alice. */
function token(seconds) {
  const claims = { sub: 'alice', exp: begin + seconds };
  const signed = `${base64('{"alg":"HS256"}')}.${base64(JSON.stringify(claims))}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

function connects() {
  return new Promise((resolve) => {
    client.onConnect = resolve;
    client.activate();
  });
}

/** Lets time pass for the client, and none for the broker. */
async function pass(seconds) {
  mock.timers.tick(seconds * 1000);
  // a token is sent behind a promise
  await new Promise((resolve) => setImmediate(resolve));
}

/** The broker has answered what was sent before. */
function answered() {
  return new Promise((resolve) => {
    client.watchForReceipt('behind', resolve);
    client.publish({ destination: '/topic/other', headers: { receipt: 'behind' } });
  });
}

describe('a session at a real broker', { skip: !URI, timeout: 120_000 }, () => {
  test('goes on with the new token, and is renewed again when the broker says', async () => {
    let asked = 0;
    const errors = [];
    renewTokens(client, () => token(++asked * 2 * LIFE_SECONDS), (error) => errors.push(error));
    await connects();
    await pass(LIFE_SECONDS / 2);
    assert.equal(asked, 0);
    await pass(LIFE_SECONDS / 2 - 30);
    assert.equal(asked, 1);
    await answered();
    // the new token lasts twice as long
    await pass(LIFE_SECONDS);
    assert.equal(asked, 1);
    await pass(LIFE_SECONDS - 30);
    assert.equal(asked, 2);
    await answered();
    assert.deepEqual(errors, []);
  });

  test('ends when the broker refuses the new token', async () => {
    renewTokens(client, () => token(LIFE_SECONDS) + 'x');
    await connects();
    const closed = new Promise((resolve) => (client.onWebSocketClose = resolve));
    await pass(LIFE_SECONDS - 30);
    assert.equal((await closed).code, 1008);
  });
});
