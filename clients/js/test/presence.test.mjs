import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Arrivals, ScriptedBroker, Subscription } from './broker.mjs';
import { Follower } from './follower.mjs';

let broker;
let follower;
let told;

beforeEach(async () => {
  broker = await ScriptedBroker.start();
  told = new Arrivals();
  follower = Follower.start(broker.url, '/topic/room', {
    onPresence: (change, members) => told.add({ ...change, members: [...members.keys()] }),
  });
});

afterEach(async () => {
  await follower.stop();
  broker.close();
});

async function subscribed() {
  const connection = await broker.connection();
  const topic = await Subscription.next(connection);
  topic.confirms({ retained: 0, seq: 0, epoch: 'E' }).sends({ retained: 'true', snapshot: 'end' });
  const presence = await Subscription.next(connection);
  assert.equal(presence.headers.destination, '/presence/topic/room');
  return { connection, presence };
}

const person = (session, user) => ({ session, user, since: 1 });

describe('presence', () => {
  test('begins with those that are there, and goes on with joins and leaves', async () => {
    const { presence } = await subscribed();
    presence.sends({ presence: 'here' }, person('s1', 'alice'));
    presence.sends({ presence: 'here', snapshot: 'end' }, person('s2', 'bob'));
    assert.deepEqual(await told.next(), { type: 'here', members: ['s1', 's2'] });
    assert.equal(follower.live.members.get('s1').user, 'alice');
    assert.equal(follower.live.features.presence, true);
    presence.sends({ presence: 'join' }, person('s3', 'carol'));
    assert.deepEqual(await told.next(), { type: 'join', member: person('s3', 'carol'), members: ['s1', 's2', 's3'] });
    presence.sends({ presence: 'leave', reason: 'closed' }, person('s1', 'alice'));
    const left = { ...person('s1', 'alice'), reason: 'closed' };
    assert.deepEqual(await told.next(), { type: 'leave', member: left, members: ['s2', 's3'] });
  });

  test('is taken anew after a reconnect: those that have gone meanwhile are gone', async () => {
    const { connection, presence } = await subscribed();
    presence.sends({ presence: 'here' }, person('s1', 'alice')).sends({ presence: 'here', snapshot: 'end' }, person('s2', 'bob'));
    await told.next();
    connection.cut();
    const again = await subscribed();
    again.presence.sends({ presence: 'here', snapshot: 'end' }, person('s2', 'bob'));
    assert.deepEqual(await told.next(), { type: 'here', members: ['s2'] });
  });

  test('may be empty', async () => {
    const { presence } = await subscribed();
    presence.sends({ snapshot: 'end' });
    assert.deepEqual(await told.next(), { type: 'here', members: [] });
  });
});
