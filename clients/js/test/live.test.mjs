import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arrivals, Subscription } from './broker.mjs';
import { remove, scene, set, takeSnapshot, TOPIC } from './scene.mjs';

describe('the snapshot', () => {
  test('is asked for, and comes key by key, then as a whole', async () => {
    const follower = scene.follow();
    const subscription = await Subscription.next(await scene.broker.connection());
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
    const follower = scene.follow();
    const subscription = await Subscription.next(await scene.broker.connection());
    takeSnapshot(subscription, {}, 0);
    assert.deepEqual(await follower.next(), { state: {} });
    subscription.publishes('ACME', 1, 1);
    assert.deepEqual(await follower.next(), set('ACME', 1, undefined));
  });

  test('may end with an empty value', async () => {
    const follower = scene.follow();
    const subscription = await Subscription.next(await scene.broker.connection());
    subscription.confirms({ retained: 2, seq: 2, epoch: 'E' }).keeps('ACME', 1, 1).keeps('NONE', '', 2, true);
    assert.deepEqual(await follower.state(), { ACME: 1, NONE: '' });
  });

  test('is not complete before its end', async () => {
    const follower = scene.follow();
    const subscription = await Subscription.next(await scene.broker.connection());
    subscription.confirms({ retained: 2, seq: 2, epoch: 'E' }).keeps('ACME', 1, 1);
    await follower.next();
    assert.equal(follower.live.current, false);
    subscription.keeps('XYZ', 2, 2, true);
    await follower.state();
    assert.equal(follower.live.current, true);
  });

  test('of several topics ends once, without a length', async () => {
    const follower = scene.follow({ key: 'symbol' }, '/topic/prices.*');
    const subscription = await Subscription.next(await scene.broker.connection());
    subscription
      .confirms()
      .sends({ destination: '/topic/prices.a', symbol: 'A', retained: 'true' }, '1')
      .sends({ destination: '/topic/prices.b', symbol: 'B', retained: 'true', snapshot: 'end' }, '2');
    assert.deepEqual(await follower.state(), { A: 1, B: 2 });
  });

  test('of several topics may come behind their history', async () => {
    const follower = scene.follow({ key: 'symbol', from: 'first' }, '/topic/prices.*');
    const subscription = await Subscription.next(await scene.broker.connection());
    assert.equal(subscription.headers.from, 'first');
    subscription
      .confirms()
      .sends({ destination: '/topic/prices.a', symbol: 'A', seq: 1, epoch: 'E1', recovered: 'true', replayed: 1 }, '1')
      .sends({ destination: '/topic/prices.b', symbol: 'B', seq: 7, epoch: 'E2' }, '2');
    await follower.next();
    await follower.next();
    assert.equal(follower.live.features.retained, true);
    assert.equal(follower.live.current, false);
    subscription.sends({ retained: 'true', snapshot: 'end' });
    assert.deepEqual(await follower.next(), { state: { A: 1, B: 2 } });
  });

  test('is taken anew when the application asks for it', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1, XYZ: 2 }, 2);
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
    const { follower, subscription } = await scene.followed({ ACME: 1 }, 1);
    subscription.publishes('ACME', 2, 2).publishes('XYZ', 5, 3).publishes('ACME', '', 4, { retain: 'remove' });
    assert.deepEqual(await follower.next(), set('ACME', 2, 1));
    assert.deepEqual(await follower.next(), set('XYZ', 5, undefined));
    assert.deepEqual(await follower.next(), remove('ACME', 2));
    assert.deepEqual(Object.fromEntries(follower.live.state), { XYZ: 5 });
    subscription.publishes('ACME', '', 5, { retain: 'remove' }).publishes('END', 0, 6);
    assert.deepEqual(await follower.next(), set('END', 0, undefined), 'what is not there is not removed');
  });

  test('that were left out are a gap', async () => {
    const { follower, subscription } = await scene.followed({ ACME: 1 }, 1);
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
      const { follower, subscription } = await scene.followed({}, 0, { key });
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
      const { follower, subscription } = await scene.followed({}, 0);
      subscription.publishes('K', body, 1, headers);
      assert.deepEqual((await follower.next()).value, expected);
    });
  }

  test('are read by the parser of the application', async () => {
    const { follower, subscription } = await scene.followed({}, 0, { key: 'symbol', parse: (message) => message.body.length });
    subscription.publishes('K', 'four', 1);
    assert.equal((await follower.next()).value, 4);
  });

  test('are shown one by one where that is wanted', async () => {
    const seen = new Arrivals();
    const options = { key: 'symbol', onMessage: (message, value, key) => seen.add([message.headers.seq, value, key]) };
    const { subscription } = await scene.followed({ ACME: 1 }, 1, options);
    subscription.publishes('ACME', 1, 2).publishes('ACME', '', 3, { retain: 'remove' });
    assert.deepEqual(await seen.next(), ['1', 1, 'ACME']);
    assert.deepEqual(await seen.next(), ['2', 1, 'ACME']);
    assert.deepEqual(await seen.next(), ['3', undefined, 'ACME']);
  });
});
