import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { change, follow, publish, URI } from './server.mjs';

describe('a topic of which the broker keeps nothing', { skip: !URI }, () => {
  test('is followed live, and after a reconnect', async () => {
    const follower = follow('/topic/plain');
    assert.deepEqual(await follower.state(), {});
    await publish('/topic/plain', 'ACME', { price: 1 });
    assert.deepEqual((await change(follower)).value, { price: 1 });
    follower.client.forceDisconnect();
    await follower.state();
    await publish('/topic/plain', 'ACME', { price: 2 });
    const next = await change(follower);
    assert.deepEqual([next.value, next.previous], [{ price: 2 }, { price: 1 }]);
  });
});
