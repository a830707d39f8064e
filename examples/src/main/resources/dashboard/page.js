import { Connection } from './connection.js';
import * as format from './format.js';

// What all pages have: the header with the machine and the connection, and the line that says what was missed.

const RATE_SECONDS = 5;

export const element = id => document.getElementById(id);

export const config = await (await fetch('config.json')).json();

/** Shows a number; its element has the number itself in `data-value`. */
export function show(id, value, text) {
  element(id).textContent = text(value);
  element(id).dataset.value = value;
}

export function note(id, text) {
  element(id).textContent = text;
}

export const connection = new Connection(config.webSocketUrl, (state, verdict) => {
  note('state', state);
  element('state').dataset.value = state;
  note('pause', state === 'offline' ? 'Go online' : 'Go offline');
  if (verdict) {
    element('verdict').hidden = false;
    element('verdict').dataset.kind = verdict.kind;
    element('verdict').dataset.missed = verdict.missed ?? '';
    note('verdict-text', verdict.text);
  }
});

element('pause').addEventListener('click', () => {
  if (connection.state === 'offline') {
    connection.goOnline();
  } else {
    connection.goOffline();
  }
});
element('verdict-close').addEventListener('click', () => {
  element('verdict').hidden = true;
  element('pause').focus();
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
