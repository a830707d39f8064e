import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { away, change, follow, publish, URI } from './server.mjs';

// the broker's rules: /topic/kept.# retains by symbol and has a history of 20 messages, /topic/last.# retains by symbol alone

describe('a topic that keeps last values and a history', { skip: !URI }, () => {
  test('begins with its snapshot and goes on live', async () => {
    await publish('/topic/kept.a', 'ACME', { price: 1 });
    await publish('/topic/kept.a', 'ACME', { price: 2 });
    await publish('/topic/kept.a', 'XYZ', { price: 3 });
    const follower = follow('/topic/kept.a');
    assert.deepEqual(await follower.state(), { ACME: { price: 2 }, XYZ: { price: 3 } });
    assert.equal(follower.live.features.retained, true);
    assert.equal(follower.live.features.history, true);
    await publish('/topic/kept.a', 'ACME', { price: 4 });
    assert.deepEqual((await change(follower)).value, { price: 4 });
    await publish('/topic/kept.a', 'ACME', '', { retain: 'remove' });
    assert.equal((await change(follower)).type, 'remove');
  });

  test('begins empty where nothing is kept yet', async () => {
    const follower = follow('/topic/kept.empty');
    assert.deepEqual(await follower.next(), { state: {} });
    await publish('/topic/kept.empty', 'ACME', 1);
    assert.equal((await change(follower)).value, 1);
  });

  test('resumes behind the last message after a reconnect', async () => {
    await publish('/topic/kept.b', 'ACME', 1);
    const follower = follow('/topic/kept.b');
    await follower.state();
    await away(follower, async () => {
      await publish('/topic/kept.b', 'ACME', 2);
      await publish('/topic/kept.b', 'ACME', 3);
    });
    assert.equal((await follower.next()).value, 2);
    assert.equal((await follower.next()).value, 3);
    assert.deepEqual(await follower.next(), { state: { ACME: 3 } });
  });

  test('resumes where nothing has come', async () => {
    await publish('/topic/kept.c', 'ACME', 1);
    const follower = follow('/topic/kept.c');
    await follower.state();
    await away(follower, async () => {});
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
  });

  test('says what it can not recover, and ends with the present', async () => {
    await publish('/topic/kept.d', 'ACME', 0);
    await publish('/topic/kept.d', 'OLD', 0);
    const follower = follow('/topic/kept.d');
    await follower.state();
    await away(follower, async () => {
      await publish('/topic/kept.d', 'OLD', '', { retain: 'remove' });
      for (let i = 1; i <= 30; i++) await publish('/topic/kept.d', 'ACME', i);
    });
    assert.equal((await follower.next()).gap.reason, 'not-recovered');
    assert.deepEqual(await follower.state(), { ACME: 30 });
  });

  test('is the same as that of a follower that was never away', async () => {
    const [there, gone] = [follow('/topic/kept.e'), follow('/topic/kept.e')];
    await there.state();
    await gone.state();
    for (let round = 0; round < 3; round++) {
      await away(gone, async () => {
        for (let i = 0; i < 12; i++) await publish('/topic/kept.e', 'k' + (i % 5), { round, i });
      });
      await gone.state();
    }
    await publish('/topic/kept.e', 'end', true);
    for (const follower of [there, gone]) while ((await change(follower)).key !== 'end');
    assert.deepEqual(Object.fromEntries(gone.live.state), Object.fromEntries(there.live.state));
  });

  test('takes the snapshot of all topics of a wildcard, and again after a reconnect', async () => {
    await publish('/topic/kept.w.a', 'A', 1);
    await publish('/topic/kept.w.b', 'B', 2);
    const follower = follow('/topic/kept.w.*');
    assert.deepEqual(await follower.state(), { A: 1, B: 2 });
    await away(follower, () => publish('/topic/kept.w.a', 'A', 5));
    assert.deepEqual(await follower.next(), { gap: { reason: 'snapshot', count: undefined } });
    assert.equal((await follower.next()).value, 5);
    assert.deepEqual(await follower.next(), { state: { A: 5, B: 2 } });
  });

  test('gives its history to those that ask for it', async () => {
    for (let i = 1; i <= 3; i++) await publish('/topic/kept.h', 'ACME', i);
    const values = [];
    const follower = follow('/topic/kept.h', { key: 'symbol', from: 'first', onMessage: (message, value) => values.push(value) });
    assert.deepEqual(await follower.state(), { ACME: 3 });
    assert.deepEqual(values, [1, 2, 3]);
  });
});

describe('a topic that keeps last values alone', { skip: !URI }, () => {
  test('takes its snapshot after a reconnect in which something has come', async () => {
    await publish('/topic/last.a', 'ACME', 1);
    const follower = follow('/topic/last.a');
    assert.deepEqual(await follower.state(), { ACME: 1 });
    await away(follower, () => publish('/topic/last.a', 'ACME', 2));
    assert.equal((await follower.next()).gap.reason, 'not-recovered');
    assert.deepEqual(await follower.state(), { ACME: 2 });
  });
});
