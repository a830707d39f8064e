import { Connection } from './web/connection.js';
import * as format from './web/format.js';
import { bindHeader, element, make, note, show, showState } from './web/page.js';
import { live } from './web/vendor/fanfare/live.js';
import { showWorkers } from './workers.js';

const MAX_LINES = 20;

const config = await (await fetch('config.json')).json();
const connection = new Connection(config.webSocketUrl, showState);
const log = element('log');
let shop = 'CLOSED';
let drawn = true;

element('console').href = config.deadLettersUrl;
note('deliveries', config.maxDeliveries);
bindHeader({
  isOffline: () => connection.state === 'offline',
  goOffline: () => connection.goOffline(),
  goOnline: () => connection.goOnline(),
});

// ---- what this page follows ----

const states = follow('/topic/orders.workers', { key: 'worker', onChange: drawSoon });
const processes = follow('/topic/orders.processes', { key: 'worker', onChange: drawSoon });
follow('/topic/orders.counts', { onMessage: (message, counts) => showCounts(counts) });
follow('/topic/orders.events', {
  from: 'first',
  onMessage: (message, event) => {
    connection.got(message);
    showEvent(event);
  },
});
connection.open();

function follow(topic, options) {
  return connection.follow(live(connection.client, topic, {
    onState: connection.onState,
    onGap: connection.onGap,
    ...options,
  }));
}

/** Asks the example to kill or start a worker, or the shop to pause. */
function control(wanted, headers = {}) {
  if (connection.client.connected) {
    connection.client.publish({ destination: '/queue/orders.control', headers: { do: wanted, ...headers } });
  }
}

element('produce').addEventListener('click', () => control(shop === 'OPEN' ? 'pause' : 'resume'));

// ---- what it shows ----

function showCounts(counts) {
  for (const name of ['placed', 'taken', 'redelivered', 'done', 'dead', 'open']) {
    show(name, counts[name], format.integer);
  }
  note('repeats', `${format.integer(counts.repeats)} sent twice, taken once`);
  note('failed', `${format.integer(counts.failed)} given back by a worker`);
  show('twice', counts.twice, twice => `${format.integer(twice)} done twice`);
  showBalance(counts);
  shop = counts.shop;
  note('shop', { OPEN: 'open', CLOSED: 'closed', SOLD_OUT: 'sold out' }[shop]);
  element('shop').dataset.value = shop === 'OPEN' ? 'connected' : 'closed';
  element('produce').disabled = shop === 'SOLD_OUT';
  note('produce', shop === 'OPEN' ? 'Close' : 'Open');
}

/** Whether the books balance, once no more orders come. */
function showBalance({ shop: state, placed, done, dead, open, twice }) {
  const isSettled = state !== 'OPEN' && open === 0 && placed > 0;
  const isRight = placed === done + dead && twice === 0;
  element('balance').dataset.value = !isSettled ? '' : isRight ? 'balanced' : 'wrong';
  note('balance', isSettled
    ? `The books ${isRight ? 'balance' : 'do not balance'}: ${format.integer(placed)} placed, `
      + `${format.integer(done)} done + ${format.integer(dead)} dead letters.`
    : 'When the shop is closed and no order is open any more, the books must balance: placed = done + dead letters.');
}

function showEvent({ time, order, what, worker, delivery, note: text }) {
  const row = make('tr', what);
  const name = make('th', '', order);
  name.scope = 'row';
  row.append(
    make('td', 'muted', format.time(time / 1000)),
    name,
    make('td', 'step', what),
    make('td', '', worker),
    make('td', 'number', String(delivery)),
    make('td', 'wide text', text),
  );
  log.prepend(row);
  while (log.rows.length > MAX_LINES) {
    log.lastElementChild.remove();
  }
}

function drawSoon() {
  if (drawn) {
    drawn = false;
    requestAnimationFrame(() => {
      drawn = true;
      showWorkers(processes.state, states.state, control);
    });
  }
}
