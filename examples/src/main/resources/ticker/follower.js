// A worker with one connection and one subscription: counts what they cost, and gives the page what has changed when it asks.
// It has a thread of its own, so that the busiest subscription does not slow the others down.

import { Client } from './web/vendor/stompjs/index.js';
import { live } from './web/vendor/fanfare/live.js';

const REFRESH_MILLIS = 1000;

const counts = { messages: 0, bytes: 0, patches: 0, conflated: 0, dropped: 0 };
let rates = { messageRate: 0, byteRate: 0, delayMean: undefined, delayMost: undefined };
let changed = new Map(); // symbols with their quotes, since the page has asked
let state = 'connecting';
let prices;
let refresh; // a timer

self.onmessage = ({ data }) => (data === 'look' ? answer() : start(data));

function start({ brokerURL, destination, headers, delta }) {
  const client = new Client({
    brokerURL,
    webSocketFactory: () => counting(new WebSocket(brokerURL, ['v12.stomp'])),
    onWebSocketClose: () => (state = 'reconnecting'),
  });
  prices = live(client, destination, {
    key: 'symbol',
    delta,
    headers,
    onState: () => (state = 'connected'),
    onChange: ({ key, value }) => changed.set(key, value),
    onMessage: measure,
    onGap: ({ reason, count }) => {
      if (reason === 'dropped') {
        counts.dropped += count;
        refreshSoon();
      }
    },
  });
  client.activate();
}

/** Counts what the broker sends on a WebSocket; all of it is ASCII here. */
function counting(socket) {
  socket.addEventListener('message', ({ data }) => (counts.bytes += data.length ?? data.byteLength));
  return socket;
}

function measure({ headers }, quote) {
  if (headers.retained === 'true') {
    // the present when the subscription began, and no change
    return;
  }
  counts.messages++;
  counts.patches += headers.delta ? 1 : 0;
  counts.conflated += Number(headers.conflated ?? 0);
  second.delays++;
  const delay = Math.max(0, Date.now() - quote.time);
  second.delay += delay;
  second.most = Math.max(second.most, delay);
}

/** A share whose last change was dropped has an old price: takes the present again, now and then while there are gaps. */
function refreshSoon() {
  refresh ??= setTimeout(() => {
    refresh = undefined;
    prices.refresh();
  }, REFRESH_MILLIS);
}

// ---- the figures of the last second ----

const newSecond = () => ({ at: performance.now(), ...counts, delays: 0, delay: 0, most: 0 });
let second = newSecond();

setInterval(() => {
  const seconds = (performance.now() - second.at) / 1000;
  rates = {
    messageRate: (counts.messages - second.messages) / seconds,
    byteRate: (counts.bytes - second.bytes) / seconds,
    delayMean: second.delays > 0 ? second.delay / second.delays : undefined,
    delayMost: second.delays > 0 ? second.most : undefined,
  };
  second = newSecond();
}, 1000);

function answer() {
  self.postMessage({ state, current: prices?.current && !refresh, figures: { ...counts, ...rates }, changed });
  changed = new Map();
}
