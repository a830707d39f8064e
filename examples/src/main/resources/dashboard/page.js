import { Connection } from './web/connection.js';
import * as format from './web/format.js';
import { bindHeader, element, note, show, showState, terms } from './web/page.js';

// What all pages of the dashboard have: its configuration, the connection, and the numbers in the header.

const RATE_SECONDS = 5;

export { element, note, show, terms };

export const config = await (await fetch('config.json')).json();

export const connection = new Connection(config.webSocketUrl, showState);

bindHeader({
  isOffline: () => connection.state === 'offline',
  goOffline: () => connection.goOffline(),
  goOnline: () => connection.goOnline(),
});

note('host', `${config.host} · ${config.system} · ${config.cores} ${config.cores === 1 ? 'core' : 'cores'}`);

let count = 0;
let arrivals = [];

/** Counts a message; the rate is of those that come as they are published. */
export function counted(message) {
  count++;
  show('count', count, format.integer);
  connection.got(message);
  if (connection.state === 'connected') {
    arrivals.push(performance.now());
  }
}

setInterval(() => {
  const since = performance.now() - RATE_SECONDS * 1000;
  arrivals = arrivals.filter(time => time >= since);
  show('rate', arrivals.length / RATE_SECONDS, rate => `${rate.toFixed(1)} / s`);
}, 1000);
