import { Connection } from './web/connection.js';
import * as format from './web/format.js';
import { element, note, show } from './web/page.js';
import { live } from './web/vendor/fanfare/live.js';
import { Pane } from './pane.js';

const DRAW_MILLIS = 100; // more often than people read

const config = await (await fetch('config.json')).json();

const panes = [
  {
    id: 'every',
    title: 'Every change',
    destination: '/topic/prices',
    // a page that reads too slowly is told what it has missed, and does not slow the publisher down
    headers: { overflow: 'drop-oldest' },
    shown: '/topic/prices overflow:drop-oldest',
    about: 'Each change of each price, the whole quote.',
  },
  {
    id: 'paced',
    title: 'max-rate',
    destination: '/topic/prices.*',
    headers: { 'max-rate': String(config.maxRate) },
    shown: `/topic/prices.* max-rate:${config.maxRate}`,
    about: `A topic for each share, and of each the newest price, at most ${config.maxRate} a second.`,
  },
  {
    id: 'conflated',
    title: 'Conflated',
    destination: '/topic/prices',
    headers: { conflate: 'symbol', 'max-rate': String(config.conflated) },
    shown: `/topic/prices conflate:symbol max-rate:${config.conflated}`,
    about: `At most ${config.conflated} messages a second of all shares: the newest price of each in turn.`,
  },
  {
    id: 'deltas',
    title: 'Deltas',
    destination: '/topic/prices',
    // one that reads too slowly gets the newest prices, whole
    headers: { conflate: 'symbol' },
    delta: true,
    shown: '/topic/prices delta:merge-patch conflate:symbol',
    about: 'What each change makes different; the newest price of each share where the page is late.',
  },
].map(options => new Pane(options, config.webSocketUrl));

element('panes').append(...panes.map(pane => pane.element));

// ---- the publisher ----

let publisher = { paused: false };
let isVerdictDue = false;

const connection = new Connection(config.webSocketUrl, showState);
connection.follow(live(connection.client, '/topic/ticker', {
  onState: connection.onState,
  onMessage: (message, status) => {
    // a page that opens while the publisher is paused compares, too
    isVerdictDue = status.paused;
    publisher = status;
    show('changes', status.changes, format.integer);
    note('rate', `${format.integer(status.rate)} / s of ${format.integer(status.wanted)}`);
    element('rate').dataset.value = status.rate;
    showState(connection.state);
  },
}));
connection.open();

element('pause').addEventListener('click', () => {
  if (connection.client.connected) {
    const wanted = publisher.paused ? 'resume' : 'pause';
    connection.client.publish({ destination: '/topic/ticker.control', headers: { do: wanted } });
  }
});

function showState(state) {
  const shown = state === 'connected' ? (publisher.paused ? 'paused' : 'publishing') : state;
  note('state', shown);
  element('state').dataset.value = shown === 'publishing' ? 'connected' : shown;
  element('pause').disabled = state !== 'connected';
  note('pause', publisher.paused ? 'Resume' : 'Pause');
  if (!publisher.paused) {
    showVerdict('', 'While prices change, each table shows its own past. Pause the publisher, and all four must end the same.');
  }
}

// ---- drawing ----

let drawnAt = 0;
let figuresAt = 0;

function draw(now) {
  requestAnimationFrame(draw);
  if (now - drawnAt < DRAW_MILLIS) {
    return;
  }
  drawnAt = now;
  panes.forEach(pane => pane.draw(false));
  if (now - figuresAt >= 500) {
    figuresAt = now;
    drawFigures();
  }
  if (isVerdictDue) {
    compare();
  }
  panes.forEach(pane => pane.look());
}
requestAnimationFrame(draw);

function drawFigures() {
  const most = {};
  for (const name of ['messageRate', 'byteRate']) {
    most[name] = Math.max(...panes.map(pane => pane.figures[name] ?? 0));
  }
  panes.forEach(pane => pane.figures.messages !== undefined && pane.drawFigures(most));
}

/** Compares the four tables with each other, and with the sum that the publisher has of them. */
function compare() {
  const tables = panes.map(pane => table(pane.quotes));
  const isSame = panes.every(pane => pane.isCurrent)
    && tables.every(({ text, sum, size }) => text === tables[0].text && sum === publisher.sum && size === config.symbols);
  if (isSame) {
    isVerdictDue = false;
    panes.forEach(pane => pane.draw(true));
    // the verdict speaks of these figures, too: they came with the tables
    drawFigures();
    showVerdict('recovered', `Paused. All four tables show the newest price of each of the ${format.integer(config.symbols)} shares.`);
  } else {
    showVerdict('', 'Paused. What is still on its way comes now …');
  }
}

function table(quotes) {
  const rows = [...quotes.values()].sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
  return {
    size: rows.length,
    sum: rows.reduce((sum, { n }) => sum + n, 0),
    text: rows.map(({ symbol, price, bid, ask, volume, n, time }) => [symbol, price, bid, ask, volume, n, time].join()).join('\n'),
  };
}

function showVerdict(kind, text) {
  const verdict = element('verdict');
  if (verdict.textContent !== text) {
    verdict.textContent = text;
    verdict.dataset.kind = kind;
  }
}

// ---- the tables scroll together ----

for (const pane of panes) {
  pane.scroller.addEventListener('scroll', () => {
    for (const other of panes) {
      if (other.scroller.scrollTop !== pane.scroller.scrollTop) {
        other.scroller.scrollTop = pane.scroller.scrollTop;
      }
    }
  }, { passive: true });
}
