import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arrivals, Subscription } from './broker.mjs';
import { Follower } from './follower.mjs';
import { scene, set, takeSnapshot, TOPIC } from './scene.mjs';

describe('a broker that keeps nothing', () => {
  test('gets a plain subscription, and the application is told', async () => {
    const follower = scene.follow();
    const connection = await scene.broker.connection();
    (await Subscription.next(connection)).confirms().publishes('ACME', 1);
    assert.deepEqual(await follower.next(), { gap: { reason: 'unsupported', count: undefined } });
    assert.deepEqual(await follower.next(), { state: {} });
    assert.deepEqual(await follower.next(), set('ACME', 1, undefined));
    assert.equal(follower.live.features.retained, false);
    assert.equal(follower.live.features.history, false);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    assert.equal(again.headers.from, undefined);
    again.confirms();
    assert.deepEqual(await follower.next(), { gap: { reason: 'unsupported', count: undefined } });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
  });

  test('for this topic, and says that there are no values, is no other than that', async () => {
    const told = new Arrivals();
    const follower = scene.follow({ key: 'symbol', onPresence: (change) => told.add(change.type) });
    const connection = await scene.broker.connection();
    const subscription = await Subscription.next(connection);
    subscription.confirms().sends({ retained: 'true', snapshot: 'end' }).publishes('ACME', 1);
    assert.equal((await follower.next()).gap.reason, 'unsupported');
    assert.deepEqual(await follower.next(), { state: {} });
    assert.deepEqual(await follower.next(), set('ACME', 1, undefined));
    assert.equal(follower.live.features.retained, false);
    const presence = await Subscription.next(connection);
    presence.sends({ presence: 'here', snapshot: 'end' });
    assert.equal(await told.next(), 'here', 'it knows of presence');
  });

  test('shows by its silence that it knows no snapshot of wildcards', async () => {
    const follower = scene.follow({ key: 'symbol', patience: 1 }, '/topic/*');
    (await Subscription.next(await scene.broker.connection())).confirms();
    assert.deepEqual(await follower.next(), { gap: { reason: 'unsupported', count: undefined } });
    assert.deepEqual(await follower.next(), { state: {} });
  });

  test('is not asked who is there', async () => {
    const follower = scene.follow({ key: 'symbol', onPresence() {} });
    const connection = await scene.broker.connection();
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
    const { follower, subscription } = await scene.followed({ ACME: { price: 1, bid: { a: 1, b: 2 } } }, 1, options);
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
    const follower = scene.follow(options, '/topic/*');
    const subscription = await Subscription.next(await scene.broker.connection());
    const [a, b] = ['/topic/a', '/topic/b'];
    subscription
      .confirms()
      .sends({ destination: a, symbol: 'X', retained: 'true' }, { from: 'a' })
      .sends({ destination: b, symbol: 'X', retained: 'true', snapshot: 'end' }, { from: 'b' });
    await follower.state();
    subscription.sends({ destination: a, symbol: 'X', delta: 'merge-patch' }, { n: 1 });
    assert.deepEqual((await follower.next()).value, { from: 'a', n: 1 });
  });

  test('belong to the key that the broker keeps the value by', async () => {
    const { follower, subscription } = await scene.followed({ ACME: { n: 1, of: 'ACME' } }, 1, options);
    subscription.publishes('ACME', { n: 2, of: 'other' }, 2, { 'retain-key': 'other' });
    await follower.next();
    subscription.publishes('ACME', { n: 3 }, 3, { delta: 'merge-patch' });
    assert.deepEqual((await follower.next()).value, { n: 3, of: 'ACME' });
    subscription.publishes('ACME', { n: 4 }, 4, { 'retain-key': 'other', delta: 'merge-patch' });
    assert.deepEqual((await follower.next()).value, { n: 4, of: 'other' });
  });

  test('of an unknown value are a gap, and the snapshot is taken anew', async () => {
    const { follower, connection, subscription } = await scene.followed({ ACME: { a: 1 } }, 1, options);
    subscription.publishes('XYZ', { b: 2 }, 2, { delta: 'merge-patch' });
    assert.deepEqual(await follower.next(), { gap: { reason: 'patch', count: undefined } });
    await connection.next('UNSUBSCRIBE');
    const again = await Subscription.next(connection);
    assert.equal(again.headers.from, undefined);
    takeSnapshot(again, { ACME: { a: 1 }, XYZ: { b: 2 } }, 2);
    assert.deepEqual(await follower.state(), { ACME: { a: 1 }, XYZ: { b: 2 } });
  });

  test('do not reach back behind a reconnect', async () => {
    const { follower, connection } = await scene.followed({ ACME: { a: 1 } }, 1, options);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    again.confirms({ recovered: 'true', replayed: 1, retained: 0, seq: 2, epoch: 'E' });
    again.publishes('ACME', { a: 2 }, 2, { delta: 'merge-patch' });
    assert.deepEqual(await follower.next(), { gap: { reason: 'patch', count: undefined } });
  });
});

describe('the application', () => {
  test('keeps its own handlers, whenever it sets them', async () => {
    const calls = new Arrivals();
    const follower = new Follower(scene.broker.url, TOPIC, { key: 'symbol' });
    scene.add(follower);
    follower.client.onConnect = () => calls.add('first');
    const before = follower.client.onConnect;
    follower.client.onConnect = (frame) => {
      before(frame);
      calls.add('second');
    };
    follower.client.activate();
    const connection = await scene.broker.connection();
    takeSnapshot(await Subscription.next(connection), {}, 0);
    await follower.state();
    assert.equal(await calls.next(), 'first');
    assert.equal(await calls.next(), 'second');
    assert.deepEqual(calls.rest(), []);
    assert.deepEqual(connection.rest(), [], 'one subscription');
  });

  test('may follow a destination when it is connected already', async () => {
    const follower = scene.follow();
    const connection = await scene.broker.connection();
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
    const { follower, connection } = await scene.followed({ ACME: 1 }, 1);
    const connected = new Promise((resolve) => (follower.client.onConnect = resolve));
    follower.live.close();
    await connection.next('UNSUBSCRIBE');
    assert.equal(follower.live.current, false);
    connection.cut();
    const again = await scene.broker.connection();
    await connected;
    follower.client.publish({ destination: '/topic/x', body: 'the first frame' });
    await again.next('SEND');
  });

  test('adds its own headers to SUBSCRIBE', async () => {
    scene.follow({ key: 'symbol', headers: { 'max-rate': '4' } });
    assert.equal((await Subscription.next(await scene.broker.connection())).headers['max-rate'], '4');
  });
});
