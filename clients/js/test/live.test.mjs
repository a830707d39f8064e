import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { ScriptedBroker, Subscription, Arrivals } from './broker.mjs';
import { Follower } from './follower.mjs';

const TOPIC = '/topic/prices';
let broker;
let followers;

beforeEach(async () => {
  broker = await ScriptedBroker.start();
  followers = [];
});

afterEach(async () => {
  for (const follower of followers) await follower.stop();
  broker.close();
});

function follow(options = { key: 'symbol' }, destination = TOPIC) {
  const follower = Follower.start(broker.url, destination, options);
  followers.push(follower);
  return follower;
}

/** A follower that has the state of this snapshot. */
async function followed(snapshot, seq, options) {
  const follower = follow(options);
  const connection = await broker.connection();
  const subscription = await Subscription.next(connection);
  takeSnapshot(subscription, snapshot, seq);
  await follower.state();
  return { follower, connection, subscription };
}

function takeSnapshot(subscription, snapshot, seq, receipt = {}) {
  const entries = Object.entries(snapshot);
  subscription.confirms({ retained: entries.length, seq, epoch: 'E', ...receipt });
  entries.forEach(([key, value], i) => subscription.keeps(key, value, i + 1, i === entries.length - 1));
  if (entries.length === 0) subscription.sends({ retained: 'true', snapshot: 'end' });
}

function set(key, value, previous, snapshot = false) {
  return { type: 'set', key, value, previous, snapshot };
}

function remove(key, previous, snapshot = false) {
  return { type: 'remove', key, value: undefined, previous, snapshot };
}

describe('the snapshot', () => {
  test('is asked for, and comes key by key, then as a whole', async () => {
    const follower = follow();
    const subscription = await Subscription.next(await broker.connection());
    assert.equal(subscription.headers.retained, 'true');
    assert.equal(subscription.headers.from, undefined);
    assert.equal(subscription.headers.delta, undefined);
    subscription.confirms({ retained: 2, seq: 7, epoch: 'E' }).keeps('ACME', { price: 1 }, 3).keeps('XYZ', { price: 2 }, 5, true);
    assert.deepEqual(await follower.next(), set('ACME', { price: 1 }, undefined, true));
    assert.deepEqual(await follower.next(), set('XYZ', { price: 2 }, undefined, true));
    assert.deepEqual(await follower.next(), { state: { ACME: { price: 1 }, XYZ: { price: 2 } } });
    assert.equal(follower.live.current, true);
    assert.deepEqual(follower.live.features, { retained: true, history: true, delta: undefined, presence: undefined });
  });

  test('may be empty', async () => {
    const follower = follow();
    const subscription = await Subscription.next(await broker.connection());
    takeSnapshot(subscription, {}, 0);
    assert.deepEqual(await follower.next(), { state: {} });
    subscription.publishes('ACME', 1, 1);
    assert.deepEqual(await follower.next(), set('ACME', 1, undefined));
  });

  test('is not complete before its end', async () => {
    const follower = follow();
    const subscription = await Subscription.next(await broker.connection());
    subscription.confirms({ retained: 2, seq: 2, epoch: 'E' }).keeps('ACME', 1, 1);
    await follower.next();
    assert.equal(follower.live.current, false);
    subscription.keeps('XYZ', 2, 2, true);
    await follower.state();
    assert.equal(follower.live.current, true);
  });

  test('of several topics ends once, without a length', async () => {
    const follower = follow({ key: 'symbol' }, '/topic/prices.*');
    const subscription = await Subscription.next(await broker.connection());
    subscription
      .confirms()
      .sends({ destination: '/topic/prices.a', symbol: 'A', retained: 'true' }, '1')
      .sends({ destination: '/topic/prices.b', symbol: 'B', retained: 'true', snapshot: 'end' }, '2');
    assert.deepEqual(await follower.state(), { A: 1, B: 2 });
  });

  test('is taken anew when the application asks for it', async () => {
    const { follower, connection } = await followed({ ACME: 1, XYZ: 2 }, 2);
    follower.live.refresh();
    await connection.next('UNSUBSCRIBE');
    const again = await Subscription.next(connection);
    assert.equal(again.headers.from, undefined);
    takeSnapshot(again, { ACME: 1, NEW: 3 }, 3);
    assert.deepEqual(await follower.next(), set('NEW', 3, undefined, true));
    assert.deepEqual(await follower.next(), remove('XYZ', 2, true));
    assert.deepEqual(await follower.next(), { state: { ACME: 1, NEW: 3 } });
  });
});

describe('live messages', () => {
  test('set keys and remove them', async () => {
    const { follower, subscription } = await followed({ ACME: 1 }, 1);
    subscription.publishes('ACME', 2, 2).publishes('XYZ', 5, 3).publishes('ACME', '', 4, { retain: 'remove' });
    assert.deepEqual(await follower.next(), set('ACME', 2, 1));
    assert.deepEqual(await follower.next(), set('XYZ', 5, undefined));
    assert.deepEqual(await follower.next(), remove('ACME', 2));
    assert.deepEqual(Object.fromEntries(follower.live.state), { XYZ: 5 });
    subscription.publishes('ACME', '', 5, { retain: 'remove' }).publishes('END', 0, 6);
    assert.deepEqual(await follower.next(), set('END', 0, undefined), 'what is not there is not removed');
  });

  test('that were left out are a gap', async () => {
    const { follower, subscription } = await followed({ ACME: 1 }, 1);
    subscription.publishes('ACME', 2, 9, { dropped: 7 });
    assert.deepEqual(await follower.next(), { gap: { reason: 'dropped', count: 7 } });
    assert.deepEqual(await follower.next(), set('ACME', 2, 1));
  });

  for (const [name, key, headers, body, expected] of [
    ['a header', 'symbol', { symbol: 'ACME' }, { id: 1 }, 'ACME'],
    ['a member of the body', 'body.id', {}, { id: 4711 }, '4711'],
    ['a member of a member', 'body.item.id', {}, { item: { id: 'x' } }, 'x'],
    ['a function', (message, value) => message.headers.a + value.b, { a: '1' }, { b: '2' }, '12'],
    ['retain-key', undefined, { 'retain-key': 'K' }, {}, 'K'],
    ['retain-key where the header is missing', 'symbol', { 'retain-key': 'K' }, {}, 'K'],
    ['the destination', undefined, {}, {}, TOPIC],
    ['the destination where the body has none', 'body.id', {}, 'text', TOPIC],
  ]) {
    test(`have their key from ${name}`, async () => {
      const { follower, subscription } = await followed({}, 0, { key });
      subscription.sends({ seq: 1, epoch: 'E', ...headers }, body);
      assert.equal((await follower.next()).key, expected);
    });
  }

  for (const [name, headers, body, expected] of [
    ['JSON without a type', {}, '{"a":1}', { a: 1 }],
    ['JSON with a type', { 'content-type': 'application/json;charset=utf-8' }, '[1]', [1]],
    ['a type of JSON', { 'content-type': 'application/problem+json' }, '{}', {}],
    ['text', { 'content-type': 'text/plain' }, '12', '12'],
    ['what is no JSON', { 'content-type': 'application/json' }, '{', '{'],
    ['nothing', {}, '', ''],
  ]) {
    test(`have the value of ${name}`, async () => {
      const { follower, subscription } = await followed({}, 0);
      subscription.publishes('K', body, 1, headers);
      assert.deepEqual((await follower.next()).value, expected);
    });
  }

  test('are read by the parser of the application', async () => {
    const { follower, subscription } = await followed({}, 0, { key: 'symbol', parse: (message) => message.body.length });
    subscription.publishes('K', 'four', 1);
    assert.equal((await follower.next()).value, 4);
  });

  test('are shown one by one where that is wanted', async () => {
    const seen = new Arrivals();
    const options = { key: 'symbol', onMessage: (message, value, key) => seen.add([message.headers.seq, value, key]) };
    const { subscription } = await followed({ ACME: 1 }, 1, options);
    subscription.publishes('ACME', 1, 2).publishes('ACME', '', 3, { retain: 'remove' });
    assert.deepEqual(await seen.next(), ['1', 1, 'ACME']);
    assert.deepEqual(await seen.next(), ['2', 1, 'ACME']);
    assert.deepEqual(await seen.next(), ['3', undefined, 'ACME']);
  });
});

describe('after a reconnect', () => {
  test('the topic resumes behind the last message', async () => {
    const { follower, connection, subscription } = await followed({ ACME: 1 }, 5);
    subscription.publishes('ACME', 2, 6);
    await follower.next();
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    assert.equal(again.headers.from, 'E/6');
    assert.equal(follower.live.current, false);
    again.confirms({ recovered: 'true', replayed: 2, retained: 0, seq: 8, epoch: 'E' });
    again.publishes('ACME', 3, 7, { recovered: 'true' });
    assert.deepEqual(await follower.next(), set('ACME', 3, 2));
    assert.equal(follower.live.current, false);
    again.publishes('XYZ', 4, 8);
    assert.deepEqual(await follower.next(), set('XYZ', 4, undefined));
    assert.deepEqual(await follower.next(), { state: { ACME: 3, XYZ: 4 } });
  });

  test('a topic resumes that has sent nothing since', async () => {
    const { follower, connection } = await followed({ ACME: 1 }, 5);
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    assert.equal(again.headers.from, 'E/5', 'the cursor of the RECEIPT');
    again.confirms({ recovered: 'true', replayed: 0, retained: 0, seq: 5, epoch: 'E' });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
  });

  test('a replay that breaks off goes on where it was', async () => {
    const { follower, connection } = await followed({ ACME: 1 }, 5);
    connection.cut();
    const second = await broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'true', replayed: 2, retained: 0, seq: 7, epoch: 'E' }).publishes('ACME', 2, 6);
    await follower.next();
    second.cut();
    const third = await Subscription.next(await broker.connection());
    assert.equal(third.headers.from, 'E/6');
  });

  test('what can not be recovered is a gap, and a snapshot replaces the Map', async () => {
    const { follower, connection } = await followed({ ACME: 1, XYZ: 2, OLD: 3 }, 5);
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    takeSnapshot(again, { ACME: 9, XYZ: 2, NEW: 4 }, 50, { recovered: 'false', replayed: 0 });
    assert.deepEqual(await follower.next(), { gap: { reason: 'not-recovered', count: undefined } });
    assert.deepEqual(await follower.next(), set('ACME', 9, 1, true));
    assert.deepEqual(await follower.next(), set('NEW', 4, undefined, true));
    assert.deepEqual(await follower.next(), remove('OLD', 3, true));
    assert.deepEqual(await follower.next(), { state: { ACME: 9, XYZ: 2, NEW: 4 } });
  });

  test('an empty snapshot empties the Map', async () => {
    const { follower, connection } = await followed({ ACME: 1 }, 5);
    connection.cut();
    takeSnapshot(await Subscription.next(await broker.connection()), {}, 0, { recovered: 'false', replayed: 0, epoch: 'F' });
    await follower.next();
    assert.deepEqual(await follower.next(), remove('ACME', 1, true));
    assert.deepEqual(await follower.next(), { state: {} });
  });

  test('what is left of the history replaces the Map where there are no last values', async () => {
    const { follower, connection } = await followed({}, 0);
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    again.confirms({ recovered: 'false', replayed: 2, retained: 0, seq: 90, epoch: 'E' });
    again.publishes('A', 1, 89, { recovered: 'false' }).publishes('B', 2, 90);
    await follower.next();
    assert.deepEqual(await follower.state(), { A: 1, B: 2 });
  });

  test('a snapshot that broke off is taken again', async () => {
    const { follower, connection } = await followed({ ACME: 1 }, 5);
    connection.cut();
    const second = await broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'false', retained: 2, seq: 50, epoch: 'E' }).keeps('ACME', 2, 49);
    await follower.next();
    await follower.next();
    second.cut();
    const third = await Subscription.next(await broker.connection());
    assert.equal(third.headers.from, undefined);
    takeSnapshot(third, { ACME: 2, XYZ: 3 }, 50);
    assert.deepEqual(await follower.state(), { ACME: 2, XYZ: 3 });
  });

  test('a replay from which a selector leaves something out is complete after a while', async () => {
    const options = { key: 'symbol', headers: { selector: 'x = 1' }, patience: 1 };
    const { follower, connection } = await followed({ ACME: 1 }, 5, options);
    connection.cut();
    const second = await broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'true', replayed: 3, retained: 0, seq: 8, epoch: 'E' });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
    again.publishes('ACME', 2, 9);
    await follower.next();
    second.cut();
    assert.equal((await Subscription.next(await broker.connection())).headers.from, 'E/9');
  });

  test('a live message within a snapshot that breaks off is no place to resume', async () => {
    const follower = follow();
    const first = await broker.connection();
    const subscription = await Subscription.next(first);
    subscription.confirms({ retained: 2, seq: 2, epoch: 'E' }).keeps('ACME', 1, 1).publishes('NEW', 3, 3);
    await follower.next();
    await follower.next();
    first.cut();
    assert.equal((await Subscription.next(await broker.connection())).headers.from, undefined);
  });

  test('wildcards take the snapshot anew, and say so', async () => {
    const follower = follow({ key: 'symbol' }, '/topic/#');
    const connection = await broker.connection();
    (await Subscription.next(connection)).confirms().keeps('A', 1, 5).keeps('B', 2, 6, true);
    await follower.state();
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    assert.equal(again.headers.from, undefined);
    again.confirms().keeps('A', 7, 9, true);
    assert.deepEqual(await follower.next(), { gap: { reason: 'snapshot', count: undefined } });
    assert.deepEqual(await follower.next(), set('A', 7, 1, true));
    assert.deepEqual(await follower.next(), remove('B', 2, true));
    assert.deepEqual(await follower.next(), { state: { A: 7 } });
  });

  test('the history is asked for once, at the beginning', async () => {
    const follower = follow({ key: 'symbol', from: 'first' });
    const connection = await broker.connection();
    const subscription = await Subscription.next(connection);
    assert.equal(subscription.headers.from, 'first');
    subscription.confirms({ recovered: 'true', replayed: 1, retained: 0, seq: 1, epoch: 'E' }).publishes('A', 1, 1);
    assert.deepEqual(await follower.state(), { A: 1 });
    connection.cut();
    assert.equal((await Subscription.next(await broker.connection())).headers.from, 'E/1');
  });
});

describe('a broker that keeps nothing', () => {
  test('gets a plain subscription, and the application is told', async () => {
    const follower = follow();
    const connection = await broker.connection();
    (await Subscription.next(connection)).confirms().publishes('ACME', 1);
    assert.deepEqual(await follower.next(), { gap: { reason: 'unsupported', count: undefined } });
    assert.deepEqual(await follower.next(), { state: {} });
    assert.deepEqual(await follower.next(), set('ACME', 1, undefined));
    assert.equal(follower.live.features.retained, false);
    assert.equal(follower.live.features.history, false);
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    assert.equal(again.headers.from, undefined);
    again.confirms();
    assert.deepEqual(await follower.next(), { gap: { reason: 'unsupported', count: undefined } });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
  });

  test('shows by its silence that it knows no snapshot of wildcards', async () => {
    const follower = follow({ key: 'symbol', patience: 1 }, '/topic/*');
    (await Subscription.next(await broker.connection())).confirms();
    assert.deepEqual(await follower.next(), { gap: { reason: 'unsupported', count: undefined } });
    assert.deepEqual(await follower.next(), { state: {} });
  });

  test('is not asked who is there', async () => {
    const follower = follow({ key: 'symbol', onPresence() {} });
    const connection = await broker.connection();
    (await Subscription.next(connection)).confirms().publishes('ACME', 1);
    await follower.state();
    await follower.next();
    assert.deepEqual(connection.rest(), []);
    assert.equal(follower.live.features.presence, undefined);
  });
});

describe('deltas', () => {
  const options = { key: 'symbol', delta: true };

  test('are asked for and applied to the value last got', async () => {
    const { follower, subscription } = await followed({ ACME: { price: 1, bid: { a: 1, b: 2 } } }, 1, options);
    assert.equal(subscription.headers.delta, 'merge-patch');
    subscription.publishes('ACME', { price: 2, bid: { a: null } }, 2, { delta: 'merge-patch' });
    assert.deepEqual((await follower.next()).value, { price: 2, bid: { b: 2 } });
    subscription.publishes('ACME', { bid: null }, 3, { delta: 'merge-patch' });
    const change = await follower.next();
    assert.deepEqual(change.value, { price: 2 });
    assert.deepEqual(change.previous, { price: 2, bid: { b: 2 } }, 'the value before is as it was');
    assert.equal(follower.live.features.delta, true);
  });

  test('belong to the value of their own topic', async () => {
    const follower = follow(options, '/topic/*');
    const subscription = await Subscription.next(await broker.connection());
    const [a, b] = ['/topic/a', '/topic/b'];
    subscription
      .confirms()
      .sends({ destination: a, symbol: 'X', retained: 'true' }, { from: 'a' })
      .sends({ destination: b, symbol: 'X', retained: 'true', snapshot: 'end' }, { from: 'b' });
    await follower.state();
    subscription.sends({ destination: a, symbol: 'X', delta: 'merge-patch' }, { n: 1 });
    assert.deepEqual((await follower.next()).value, { from: 'a', n: 1 });
  });

  test('of an unknown value are a gap, and the snapshot is taken anew', async () => {
    const { follower, connection, subscription } = await followed({ ACME: { a: 1 } }, 1, options);
    subscription.publishes('XYZ', { b: 2 }, 2, { delta: 'merge-patch' });
    assert.deepEqual(await follower.next(), { gap: { reason: 'patch', count: undefined } });
    await connection.next('UNSUBSCRIBE');
    const again = await Subscription.next(connection);
    assert.equal(again.headers.from, undefined);
    takeSnapshot(again, { ACME: { a: 1 }, XYZ: { b: 2 } }, 2);
    assert.deepEqual(await follower.state(), { ACME: { a: 1 }, XYZ: { b: 2 } });
  });

  test('do not reach back behind a reconnect', async () => {
    const { follower, connection } = await followed({ ACME: { a: 1 } }, 1, options);
    connection.cut();
    const again = await Subscription.next(await broker.connection());
    again.confirms({ recovered: 'true', replayed: 1, retained: 0, seq: 2, epoch: 'E' });
    again.publishes('ACME', { a: 2 }, 2, { delta: 'merge-patch' });
    assert.deepEqual(await follower.next(), { gap: { reason: 'patch', count: undefined } });
  });
});

describe('the application', () => {
  test('keeps its own handlers, whenever it sets them', async () => {
    const calls = new Arrivals();
    const follower = new Follower(broker.url, TOPIC, { key: 'symbol' });
    followers.push(follower);
    follower.client.onConnect = () => calls.add('first');
    const before = follower.client.onConnect;
    follower.client.onConnect = (frame) => {
      before(frame);
      calls.add('second');
    };
    follower.client.activate();
    const connection = await broker.connection();
    takeSnapshot(await Subscription.next(connection), {}, 0);
    await follower.state();
    assert.equal(await calls.next(), 'first');
    assert.equal(await calls.next(), 'second');
    assert.deepEqual(calls.rest(), []);
    assert.deepEqual(connection.rest(), [], 'one subscription');
  });

  test('may follow a destination when it is connected already', async () => {
    const follower = follow();
    const connection = await broker.connection();
    takeSnapshot(await Subscription.next(connection), { ACME: 1 }, 1);
    await follower.state();
    const { live } = await import('../live.js');
    const second = live(follower.client, '/topic/other', { key: 'symbol' });
    const subscription = await Subscription.next(connection);
    assert.equal(subscription.headers.destination, '/topic/other');
    second.close();
    await connection.next('UNSUBSCRIBE');
  });

  test('ends it with close, across reconnects', async () => {
    const { follower, connection } = await followed({ ACME: 1 }, 1);
    const connected = new Promise((resolve) => (follower.client.onConnect = resolve));
    follower.live.close();
    await connection.next('UNSUBSCRIBE');
    assert.equal(follower.live.current, false);
    connection.cut();
    const again = await broker.connection();
    await connected;
    follower.client.publish({ destination: '/topic/x', body: 'the first frame' });
    await again.next('SEND');
  });

  test('adds its own headers to SUBSCRIBE', async () => {
    follow({ key: 'symbol', headers: { 'max-rate': '4' } });
    assert.equal((await Subscription.next(await broker.connection())).headers['max-rate'], '4');
  });
});
