import { Client } from '@stomp/stompjs';
import { WebSocket } from 'ws';
import { live } from '../live.js';
import { Arrivals } from './broker.mjs';

/** A client of stompjs that follows one destination, with everything that it is told. */
export class Follower {
  told = new Arrivals();

  constructor(url, destination, options = {}) {
    this.client = new Client({
      brokerURL: url,
      webSocketFactory: () => new WebSocket(url, ['v12.stomp']),
      reconnectDelay: 5,
      connectionTimeout: 0,
      heartbeatIncoming: 0,
      heartbeatOutgoing: 0,
    });
    this.live = live(this.client, destination, {
      onState: (state) => this.told.add({ state: Object.fromEntries(state) }),
      onChange: ({ type, key, value, previous, snapshot }) => this.told.add({ type, key, value, previous, snapshot }),
      onGap: (gap) => this.told.add({ gap }),
      ...options,
    });
  }

  static start(url, destination, options) {
    const follower = new Follower(url, destination, options);
    follower.client.activate();
    return follower;
  }

  /** What it is told next. */
  next(what = 'something') {
    return this.told.next(what);
  }

  /** The next whole state; what comes before is left out. */
  async state() {
    for (;;) {
      const told = await this.next('a state');
      if (told.state) return told.state;
    }
  }

  stop() {
    return this.client.deactivate({ force: true });
  }
}
