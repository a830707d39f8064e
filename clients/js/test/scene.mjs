import { afterEach, beforeEach } from 'node:test';
import { ScriptedBroker, Subscription } from './broker.mjs';
import { Follower } from './follower.mjs';

export const TOPIC = '/topic/prices';

/** For each test a scripted broker of its own, and followers that stop with the test. */
export const scene = {
  broker: undefined,
  followers: [],

  follow(options = { key: 'symbol' }, destination = TOPIC) {
    return this.add(Follower.start(this.broker.url, destination, options));
  },

  add(follower) {
    this.followers.push(follower);
    return follower;
  },

  /** A follower that has the state of this snapshot. */
  async followed(snapshot, seq, options) {
    const follower = this.follow(options);
    const connection = await this.broker.connection();
    const subscription = await Subscription.next(connection);
    takeSnapshot(subscription, snapshot, seq);
    await follower.state();
    return { follower, connection, subscription };
  },
};

beforeEach(async () => {
  scene.broker = await ScriptedBroker.start();
  scene.followers = [];
});

afterEach(async () => {
  for (const follower of scene.followers) await follower.stop();
  scene.broker.close();
});

/** Confirms a subscription and sends a snapshot with these values, or an empty one. */
export function takeSnapshot(subscription, snapshot, seq, receipt = {}) {
  const entries = Object.entries(snapshot);
  subscription.confirms({ retained: entries.length, seq, epoch: 'E', ...receipt });
  entries.forEach(([key, value], i) => subscription.keeps(key, value, i + 1, i === entries.length - 1));
  if (entries.length === 0) subscription.sends({ retained: 'true', snapshot: 'end' });
}

export function set(key, value, previous, snapshot = false) {
  return { type: 'set', key, value, previous, snapshot };
}

export function remove(key, previous, snapshot = false) {
  return { type: 'remove', key, value: undefined, previous, snapshot };
}
