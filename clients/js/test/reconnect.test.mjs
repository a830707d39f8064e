import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Subscription } from './broker.mjs';
import { remove, scene, set, takeSnapshot } from './scene.mjs';

describe('after a reconnect', () => {
  test('the topic resumes behind the last message', async () => {
    const { follower, connection, subscription } = await scene.followed({ ACME: 1 }, 5);
    subscription.publishes('ACME', 2, 6);
    await follower.next();
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
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
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    assert.equal(again.headers.from, 'E/5', 'the cursor of the RECEIPT');
    again.confirms({ recovered: 'true', replayed: 0, retained: 0, seq: 5, epoch: 'E' });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
  });

  test('a replay that breaks off goes on where it was', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5);
    connection.cut();
    const second = await scene.broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'true', replayed: 2, retained: 0, seq: 7, epoch: 'E' }).publishes('ACME', 2, 6);
    await follower.next();
    second.cut();
    const third = await Subscription.next(await scene.broker.connection());
    assert.equal(third.headers.from, 'E/6');
  });

  test('what can not be recovered is a gap, and a snapshot replaces the Map', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1, XYZ: 2, OLD: 3 }, 5);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    takeSnapshot(again, { ACME: 9, XYZ: 2, NEW: 4 }, 50, { recovered: 'false', replayed: 0 });
    assert.deepEqual(await follower.next(), { gap: { reason: 'not-recovered', count: undefined } });
    assert.deepEqual(await follower.next(), set('ACME', 9, 1, true));
    assert.deepEqual(await follower.next(), set('NEW', 4, undefined, true));
    assert.deepEqual(await follower.next(), remove('OLD', 3, true));
    assert.deepEqual(await follower.next(), { state: { ACME: 9, XYZ: 2, NEW: 4 } });
  });

  test('an empty snapshot empties the Map', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5);
    connection.cut();
    takeSnapshot(await Subscription.next(await scene.broker.connection()), {}, 0, { recovered: 'false', replayed: 0, epoch: 'F' });
    await follower.next();
    assert.deepEqual(await follower.next(), remove('ACME', 1, true));
    assert.deepEqual(await follower.next(), { state: {} });
  });

  test('what is left of the history replaces the Map where there are no last values', async () => {
    const { follower, connection } = await scene.followed({}, 0);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    again.confirms({ recovered: 'false', replayed: 2, retained: 0, seq: 90, epoch: 'E' });
    again.publishes('A', 1, 89, { recovered: 'false' }).publishes('B', 2, 90);
    await follower.next();
    assert.deepEqual(await follower.state(), { A: 1, B: 2 });
  });

  test('a snapshot that broke off is taken again', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5);
    connection.cut();
    const second = await scene.broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'false', retained: 2, seq: 50, epoch: 'E' }).keeps('ACME', 2, 49);
    await follower.next();
    await follower.next();
    second.cut();
    const third = await Subscription.next(await scene.broker.connection());
    assert.equal(third.headers.from, undefined);
    takeSnapshot(third, { ACME: 2, XYZ: 3 }, 50);
    assert.deepEqual(await follower.state(), { ACME: 2, XYZ: 3 });
  });

  test('the end of a replay is said where it is asked for', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    again.confirms({ recovered: 'true', replayed: 2, retained: 0, seq: 7, epoch: 'E' });
    again.publishes('ACME', 2, 7).sends({ retained: 'true', snapshot: 'end' });
    assert.deepEqual(await follower.next(), set('ACME', 2, 1));
    assert.deepEqual(await follower.next(), { state: { ACME: 2 } });
    again.publishes('ACME', 3, 8);
    assert.deepEqual(await follower.next(), set('ACME', 3, 2), 'one state');
  });

  test('a topic that keeps nothing any more empties the Map', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5);
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    again.confirms({ recovered: 'false', replayed: 0, retained: 0 });
    assert.deepEqual((await follower.next()).gap.reason, 'not-recovered');
    assert.deepEqual(await follower.next(), remove('ACME', 1, true));
    assert.deepEqual(await follower.next(), { state: {} });
    assert.equal(follower.live.features.history, false);
  });

  test('a replay from which a selector leaves something out is complete after a while', async () => {
    const options = { key: 'symbol', headers: { selector: 'x = 1' }, patience: 1 };
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5, options);
    connection.cut();
    const second = await scene.broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'true', replayed: 3, retained: 0, seq: 8, epoch: 'E' });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
    again.publishes('ACME', 2, 9);
    await follower.next();
    second.cut();
    assert.equal((await Subscription.next(await scene.broker.connection())).headers.from, 'E/9');
  });

  test('a replay that is late, and breaks off before anything of it has come, is asked for again', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5, { key: 'symbol', patience: 1 });
    connection.cut();
    const second = await scene.broker.connection();
    (await Subscription.next(second)).confirms({ recovered: 'true', replayed: 3, retained: 0, seq: 8, epoch: 'E' });
    assert.deepEqual(await follower.next(), { state: { ACME: 1 } });
    second.cut();
    assert.equal((await Subscription.next(await scene.broker.connection())).headers.from, 'E/5');
  });

  test('a replay that is late, and breaks off behind a part, goes on behind that part', async () => {
    const { follower, connection } = await scene.followed({ ACME: 1 }, 5, { key: 'symbol', patience: 1 });
    connection.cut();
    const second = await scene.broker.connection();
    const again = await Subscription.next(second);
    again.confirms({ recovered: 'true', replayed: 3, retained: 0, seq: 8, epoch: 'E' }).publishes('ACME', 2, 6);
    while (!(await follower.next()).state);
    second.cut();
    assert.equal((await Subscription.next(await scene.broker.connection())).headers.from, 'E/6');
  });

  test('a live message within a snapshot that breaks off is no place to resume', async () => {
    const follower = scene.follow();
    const first = await scene.broker.connection();
    const subscription = await Subscription.next(first);
    subscription.confirms({ retained: 2, seq: 2, epoch: 'E' }).keeps('ACME', 1, 1).publishes('NEW', 3, 3);
    await follower.next();
    await follower.next();
    first.cut();
    assert.equal((await Subscription.next(await scene.broker.connection())).headers.from, undefined);
  });

  test('wildcards take the snapshot anew, and say so', async () => {
    const follower = scene.follow({ key: 'symbol' }, '/topic/#');
    const connection = await scene.broker.connection();
    (await Subscription.next(connection)).confirms().keeps('A', 1, 5).keeps('B', 2, 6, true);
    await follower.state();
    connection.cut();
    const again = await Subscription.next(await scene.broker.connection());
    assert.equal(again.headers.from, undefined);
    again.confirms().keeps('A', 7, 9, true);
    assert.deepEqual(await follower.next(), { gap: { reason: 'snapshot', count: undefined } });
    assert.deepEqual(await follower.next(), set('A', 7, 1, true));
    assert.deepEqual(await follower.next(), remove('B', 2, true));
    assert.deepEqual(await follower.next(), { state: { A: 7 } });
  });

  test('the snapshot of a wildcard that is late is waited for', async () => {
    const options = { key: 'symbol', patience: 1 };
    const follower = scene.follow(options, '/topic/#');
    const subscription = await Subscription.next(await scene.broker.connection());
    subscription.confirms({ retained: 2 }).publishes('NEW', 0);
    await follower.next();
    // one that has begun to wait later has waited long enough
    const later = scene.follow(options, '/topic/#');
    (await Subscription.next(await scene.broker.connection())).confirms();
    assert.deepEqual(await later.next(), { gap: { reason: 'unsupported', count: undefined } });
    subscription.keeps('A', 1, 5).keeps('B', 2, 6, true);
    assert.deepEqual(await follower.next(), set('A', 1, undefined, true));
    assert.deepEqual(await follower.next(), set('B', 2, undefined, true));
    assert.deepEqual(await follower.next(), { state: { NEW: 0, A: 1, B: 2 } });
  });

  test('the history is asked for once, at the beginning', async () => {
    const follower = scene.follow({ key: 'symbol', from: 'first' });
    const connection = await scene.broker.connection();
    const subscription = await Subscription.next(connection);
    assert.equal(subscription.headers.from, 'first');
    subscription.confirms({ recovered: 'true', replayed: 1, retained: 0, seq: 1, epoch: 'E' }).publishes('A', 1, 1);
    assert.deepEqual(await follower.state(), { A: 1 });
    connection.cut();
    assert.equal((await Subscription.next(await scene.broker.connection())).headers.from, 'E/1');
  });
});
