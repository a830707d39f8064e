import { Client, ReconnectionTimeMode } from './vendor/stompjs/index.js';

/**
 * A client that reconnects, and what it follows: says when all of it is the present, and after a loss what was missed.
 * States: connecting, connected, reconnecting, and offline, which the user has asked for.
 */
export class Connection {
  #followed = new Set();
  #onChange;
  #lostAt; // undefined: nothing to make good
  #missed; // messages that came after the connection did
  #gaps; // reasons
  #closing;
  #wasConnected = false;
  state = 'connecting';
  sessions = new Set(); // this page's, one for each connection

  /**
   * @param onChange is called with the state, and with the verdict where a loss has been made good
   * @param options (optional) of stompjs, `onStompError` for instance; `onWebSocketClose` is taken
   */
  constructor(brokerURL, onChange, { connectHeaders, onConnect, ...options } = {}) {
    this.#onChange = onChange;
    this.client = new Client({
      brokerURL,
      heartbeatIncoming: 2000, // ms: a broker that stops without a word is noticed after some seconds,
      discardWebsocketOnCommFailure: true, // and its answer to a Close is not waited for
      reconnectTimeMode: ReconnectionTimeMode.EXPONENTIAL,
      reconnectDelay: 500, // ms, doubled each time
      maxReconnectDelay: 10_000,
      // so that a page that was cut off and is back soon has neither left nor joined
      connectHeaders: { 'client-id': crypto.randomUUID(), ...connectHeaders },
      ...options,
      onConnect: frame => {
        this.sessions.add(frame.headers.session);
        onConnect?.(frame);
      },
      onWebSocketClose: () => this.#lost(),
    });
  }

  open() {
    this.client.activate();
  }

  /** Disconnects until `goOnline`; the state says why. */
  goOffline(state = 'offline') {
    this.#change(state);
    this.#closing = this.client.deactivate();
  }

  async goOnline() {
    this.#change('reconnecting');
    await this.#closing;
    this.client.activate();
  }

  follow(live) {
    this.#followed.add(live);
    return live;
  }

  leave(live) {
    this.#followed.delete(live);
    live.close();
  }

  /** A message has come; those before everything is the present have been missed. */
  got(message) {
    if (this.#lostAt !== undefined && this.state !== 'connected' && message.headers.retained !== 'true') {
      this.#missed++;
    }
  }

  onState = () => {
    if (this.client.connected && [...this.#followed].every(live => live.current)) {
      const verdict = this.#lostAt !== undefined ? this.#verdict() : undefined;
      this.#lostAt = undefined;
      this.#wasConnected = true;
      this.#change('connected', verdict);
    }
  };

  onGap = ({ reason, count }) => {
    if (this.#lostAt !== undefined) {
      this.#gaps.add(reason);
    } else if (reason === 'dropped') {
      this.#change(this.state, { kind: 'gap', text: `This page was too slow: the broker left out ${count} messages.` });
    }
  };

  #lost() {
    // a page that was never connected has missed nothing
    if (this.#wasConnected && this.#lostAt === undefined) {
      this.#lostAt = performance.now();
      this.#missed = 0;
      this.#gaps = new Set();
    }
    if (this.state === 'connected') {
      this.#change('reconnecting');
    }
  }

  #verdict() {
    const away = `Back after ${((performance.now() - this.#lostAt) / 1000).toFixed(1)} s`;
    if (this.#gaps.has('unsupported')) {
      return { kind: 'gap', text: `${away}. This broker keeps nothing: what was published meanwhile is missing here.` };
    }
    if (this.#gaps.size > 0) {
      return { kind: 'gap', text: `${away}. The broker no longer had all that was published meanwhile: there is a gap, and what is shown now is right again.` };
    }
    const messages = ['nothing was missed', 'the message that was missed has come'][this.#missed]
      ?? `the ${this.#missed} messages that were missed have come, and nothing is lost`;
    return { kind: 'recovered', text: `${away}: ${messages}.`, missed: this.#missed };
  }

  #change(state, verdict) {
    if (state !== this.state || verdict) {
      this.state = state;
      this.#onChange(state, verdict);
    }
  }
}
