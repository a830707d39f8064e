import { get, login } from './api.js';
import { Client } from './vendor/stompjs/index.js';

const POLL_MILLIS = 2000;
const OVERVIEW_MILLIS = 5000;
const SAMPLES = 3600;
const MAX_ATTEMPTS = 3;

/** The URL of the broker's WebSocket, on the host that this page is from. */
export function webSocketUrl(overview) {
  const { tls, port, path } = overview.web_socket;
  return `${tls ? 'wss' : 'ws'}://${location.hostname}:${port}${path}`;
}

/** A page that came over TLS may open no plain WebSocket; the browser would throw. */
export function mayConnect(overview) {
  return location.protocol !== 'https:' || overview.web_socket.tls;
}

/**
 * What the broker does: the last hour from the API, and then a sample a second by STOMP over WebSocket from the broker's own
 * topics. Where these are out of reach (no login for clients, another host) the API is asked every two seconds.
 *
 * Events: `state` (connecting, live, polling, offline), `sample` (new numbers in `times` and `series`), `overview`, `queues`.
 */
class Live extends EventTarget {
  state = 'connecting';
  times = [];
  series = {};
  overview = null;
  queues = null;
  /** Counts since the start, by reason, and the limits; known while the state is live. */
  totals = null;
  #client = null;
  #attempts = 0;
  #overviewAt = 0;
  #timer = null;

  async start() {
    clearTimeout(this.#timer);
    this.#attempts = 0;
    await this.#round();
  }

  /** Something has been done: what is shown should be true soon. */
  refresh() {
    this.#overviewAt = 0;
  }

  /** A part of a page that shows what there is, and shows it again at each event of a kind, while it is started. */
  part(event, show) {
    return {
      start: () => {
        show();
        this.addEventListener(event, show);
      },
      stop: () => this.removeEventListener(event, show),
    };
  }

  /** One look at the API, and the next one later; rarely, while STOMP brings the samples. */
  async #round() {
    try {
      if (this.state !== 'live' || performance.now() - this.#overviewAt > OVERVIEW_MILLIS) {
        this.overview = await get('/overview');
        this.#overviewAt = performance.now();
        this.#emit('overview');
      }
      if (this.state !== 'live') {
        await this.#fill();
        this.#become('polling');
        this.#connect();
      }
    } catch (error) {
      if (this.state !== 'live') {
        this.#become('offline');
        this.#attempts = 0; // the broker that comes back may be another one
      }
      if (error.status === 401) {
        return; // the login's form starts again
      }
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), POLL_MILLIS);
  }

  /** Asks for the samples that have not come: all of the last hour, or those since the last one. */
  async #fill() {
    const more = await get(`/history?after=${this.times.at(-1) ?? 0}`);
    Object.keys(more.series).forEach(key => {
      this.series[key] ??= [];
    });
    this.#append(more.times, more.series);
  }

  #append(times, series) {
    const first = times.findIndex(time => time > (this.times.at(-1) ?? 0));
    if (first < 0) {
      return;
    }
    this.times = [...this.times, ...times.slice(first)].slice(-SAMPLES);
    for (const [key, values] of Object.entries(series)) {
      this.series[key] = [...(this.series[key] ?? []), ...values.slice(first)].slice(-SAMPLES);
    }
    this.#emit('sample');
  }

  /** The newest value of a series; undefined before the first sample. */
  last(key) {
    return this.series[key]?.at(-1);
  }

  #connect() {
    const credentials = login.get();
    const needsLogin = this.overview.web_socket.login;
    if (
      this.#client
      || this.#attempts >= MAX_ATTEMPTS
      || !mayConnect(this.overview)
      || (needsLogin && this.overview.user === null)
    ) {
      return;
    }
    this.#attempts++;
    const client = new Client({
      brokerURL: webSocketUrl(this.overview),
      connectHeaders: needsLogin ? headersOf(credentials) : {},
      reconnectDelay: 0,
      onConnect: () => this.#connected(client),
      onStompError: () => {
        if (this.state !== 'live') {
          this.#attempts = MAX_ATTEMPTS; // it would refuse again
        }
      },
      onWebSocketClose: () => this.#closed(client),
    });
    this.#client = client;
    client.activate();
  }

  #connected(client) {
    client.subscribe('/stats/overview', message => this.#sample(JSON.parse(message.body)));
    client.subscribe('/stats/queues', message => {
      this.queues = JSON.parse(message.body);
      this.#emit('queues');
    });
    // what came between the last answer and the first sample
    this.#fill().catch(() => {});
  }

  #sample(sample) {
    this.#attempts = 0;
    this.totals = sample;
    this.#append([sample.time], Object.fromEntries(Object.keys(this.series).map(key => [key, [sample[key]]])));
    this.#become('live');
  }

  #closed(client) {
    if (this.#client === client) {
      this.#client = null;
      client.deactivate();
      if (this.state === 'live') {
        this.#become('connecting');
      }
    }
  }

  #become(state) {
    if (this.state !== state) {
      this.state = state;
      this.#emit('state');
    }
  }

  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}

function headersOf(credentials) {
  if (!credentials) {
    return {};
  }
  return credentials.token
    ? { Authorization: `Bearer ${credentials.token}` }
    : { login: credentials.user, passcode: credentials.passcode };
}

export const live = new Live();
