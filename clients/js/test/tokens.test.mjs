import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { renewTokens } from '../live.js';
import { Arrivals } from './broker.mjs';

/** What renewTokens needs of a client of stompjs. */
class FakeClient {
  sent = [];
  receipts = new Map();
  onConnect = () => {};
  onWebSocketClose = () => {};

  watchForReceipt(id, callback) {
    this.receipts.set(id, callback);
  }

  publish(frame) {
    this.sent.push(frame);
  }

  connects(expires) {
    this.onConnect({ headers: expires === undefined ? {} : { 'session-expires': String(expires) } });
  }

  confirms(expires) {
    const { receipt } = this.sent.at(-1).headers;
    this.receipts.get(receipt)({ headers: { 'receipt-id': receipt, 'session-expires': String(expires) } });
  }
}

let client;
let asked;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  client = new FakeClient();
  asked = 0;
});

afterEach(() => mock.timers.reset());

const token = () => `token-${++asked}`;

/** Lets promises go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function pass(millis) {
  mock.timers.tick(millis);
  await turn();
}

describe('a session that expires', () => {
  for (const [expires, due] of [
    [600_000, 570_000],
    [60_001, 30_001],
    [60_000, 30_000],
    [10_000, 5_000],
  ]) {
    test(`after ${expires} ms gets a new token after ${due} ms`, async () => {
      renewTokens(client, token);
      client.connects(expires);
      await pass(due - 1);
      assert.equal(asked, 0);
      await pass(1);
      assert.equal(client.sent.length, 1);
      assert.equal(client.sent[0].destination, '/broker/auth');
      assert.equal(client.sent[0].headers.passcode, 'token-1');
    });
  }

  test('is renewed again and again, as each RECEIPT says', async () => {
    renewTokens(client, token);
    client.connects(10_000);
    await pass(5_000);
    client.confirms(20_000);
    await pass(9_999);
    assert.equal(client.sent.length, 1);
    await pass(1);
    assert.equal(client.sent[1].headers.passcode, 'token-2');
  });

  test('asks again for a token that could not be had, while there is time', async () => {
    const errors = new Arrivals();
    let works = false;
    renewTokens(
      client,
      async () => {
        if (!works) throw new Error('offline');
        return token();
      },
      (error) => errors.add(error.message),
    );
    client.connects(10_000);
    await pass(5_000);
    assert.equal(await errors.next(), 'offline');
    works = true;
    await pass(2_500);
    assert.equal(client.sent.length, 1);
  });

  test('is given up when a second is left', async () => {
    let tries = 0;
    renewTokens(
      client,
      () => {
        tries++;
        throw new Error('offline');
      },
      () => {},
    );
    client.connects(8_000);
    for (let i = 0; i < 20; i++) await pass(1_000);
    assert.equal(tries, 3, 'with 4, 2 and 1 seconds left');
  });

  test('is let be when the connection has gone, or the renewal has ended', async () => {
    const end = renewTokens(client, token);
    client.connects(10_000);
    client.onWebSocketClose({});
    await pass(10_000);
    client.connects(10_000);
    end();
    await pass(10_000);
    assert.equal(asked, 0);
  });

  test('may be one that lasts', async () => {
    renewTokens(client, token);
    client.connects(undefined);
    await pass(2 ** 31);
    assert.equal(asked, 0);
  });
});
