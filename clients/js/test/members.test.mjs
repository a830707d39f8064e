import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arrivals } from './broker.mjs';
import { follow, URI } from './server.mjs';

// the broker's rules: /topic/room.# retains its last message and has presence gathered

/** A follower of a topic and of those that are there. */
function watch(destination) {
  const told = new Arrivals();
  const follower = follow(destination, { onPresence: (change, members) => told.add({ ...change, count: members.size }) });
  return {
    follower,
    /** The change after which so many are there. */
    async until(count) {
      for (;;) {
        const change = await told.next(`${count} members`);
        if (change.count === count) return change;
      }
    },
  };
}

describe('presence of a real broker', { skip: !URI }, () => {
  test('an empty room is complete, and then has the follower itself', async () => {
    const { follower, until } = watch('/topic/room.a');
    await until(1);
    assert.equal(follower.live.features.presence, true);
    const [member] = follower.live.members.values();
    assert.match(member.session, /^[0-9a-f]{24}$/);
    assert.equal(member.user, '');
    assert.ok(Math.abs(Date.now() - member.since) < 600_000);
  });

  test('others join and leave', async () => {
    const one = watch('/topic/room.b');
    await one.until(1);
    const other = watch('/topic/room.b');
    assert.equal((await one.until(2)).type, 'join');
    await other.until(2);
    await other.follower.client.deactivate();
    const left = await one.until(1);
    assert.equal(left.type, 'leave');
    assert.equal(left.member.reason, 'disconnected');
  });
});
