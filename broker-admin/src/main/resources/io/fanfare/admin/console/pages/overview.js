import { ChartCard } from '../charts.js';
import { card, h, setText } from '../dom.js';
import * as format from '../format.js';
import { toDestination } from '../links.js';
import { live } from '../live.js';
import { Page } from '../page.js';
import { RecentTrouble } from './trouble.js';

const WINDOWS = [['5 min', 300], ['15 min', 900], ['1 h', 3600]];
const DEEPEST = 6;
const roundUp = (value, least) => Math.max(least, value * 1.15);

/** The broker as a whole: its last hour in charts, the deepest queues and what went wrong. */
export function overviewPage() {
  const page = new Page('Overview');
  const cards = charts();
  page.actions.append(windowChoice(cards));
  page.add(h('div.grid', {}, cards.map(each => each.element), deepestQueues(page), trouble(page), nodes(page)));
  page.add(...cards, live.part('sample', () => cards.forEach(each => each.update())));
  return page;
}

function windowChoice(cards) {
  const show = seconds => cards.forEach(each => each.show(seconds));
  const [, preset] = WINDOWS[1];
  show(preset);
  return h('fieldset.choice', {}, h('legend.unseen', {}, 'Time shown'), WINDOWS.map(([label, seconds]) =>
    h(
      'label',
      {},
      h('input', { type: 'radio', name: 'window', checked: seconds === preset, onchange: () => show(seconds) }),
      h('span', {}, label),
    )));
}

const last = (key, text) => {
  const value = live.last(key);
  return value === undefined ? format.NONE : text(value);
};

function charts() {
  const binary = Array.from({ length: 40 }, (none, i) => 2 ** (6 + i));
  return [
    new ChartCard(live, {
      title: 'Messages',
      note: 'published and delivered, a second',
      filled: true,
      series: [
        { key: 'delivered_per_second', label: 'delivered', colour: 0 },
        { key: 'published_per_second', label: 'published', colour: 1 },
        { key: 'dropped_per_second', label: 'dropped', colour: 4 },
      ],
      value: format.perSecond,
      tick: format.integerTick,
      top: most => roundUp(most, 10),
      now: () => [last('delivered_per_second', format.perSecond), 'delivered'],
    }),
    new ChartCard(live, {
      title: 'Latency',
      note: 'from publish to write',
      series: [
        { key: 'publish_to_write_p99_seconds', label: '99 %', colour: 2 },
        { key: 'publish_to_write_p50_seconds', label: 'median', colour: 1 },
      ],
      value: format.seconds,
      tick: format.secondsTick,
      top: most => roundUp(most, 0.001),
      now: () => [last('publish_to_write_p99_seconds', format.seconds), '99 % are at most'],
    }),
    new ChartCard(live, {
      title: 'Connections',
      note: 'open, and with a full socket',
      filled: true,
      series: [
        { key: 'connections', label: 'open', colour: 0 },
        { key: 'connections_blocked', label: 'blocked', colour: 2 },
      ],
      value: value => format.integer(Math.round(value)),
      tick: format.integerTick,
      top: most => roundUp(most, 10),
      now: () => [last('connections', format.integer), `${last('connections_opened_per_second', format.perSecond)} new`],
    }),
    new ChartCard(live, {
      title: 'Memory',
      note: 'held for clients',
      filled: true,
      series: [
        { key: 'memory_bytes', label: 'held', colour: 3 },
        { key: 'memory_under_way_bytes', label: 'under way', colour: 6 },
      ],
      value: format.bytes,
      tick: format.bytesTick,
      increments: binary,
      top: most => roundUp(most, 1024 * 1024),
      now: () => [last('memory_bytes', format.bytes), live.overview ? `of ${format.bytes(live.overview.max_memory_bytes)}` : ''],
    }),
    new ChartCard(live, {
      title: 'Event loops',
      note: 'how long tasks wait, and turns take',
      series: [
        { key: 'loop_lag_p99_seconds', label: 'lag, 99 %', colour: 2 },
        { key: 'loop_turn_p99_seconds', label: 'turn, 99 %', colour: 6 },
      ],
      value: format.seconds,
      tick: format.secondsTick,
      top: most => roundUp(most, 0.001),
      now: () => [last('loops_busy', busy => format.percent(busy * 100)), 'busy'],
    }),
    new ChartCard(live, {
      title: 'Traffic',
      note: 'STOMP, both ways',
      filled: true,
      series: [
        { key: 'bytes_sent_per_second', label: 'out', colour: 0 },
        { key: 'bytes_received_per_second', label: 'in', colour: 1 },
      ],
      value: format.bytesPerSecond,
      tick: format.bytesPerSecondTick,
      top: most => roundUp(most, 1000),
      now: () => [last('bytes_sent_per_second', format.bytesPerSecond), 'out'],
    }),
  ];
}

function deepestQueues(page) {
  const body = h('tbody', {});
  const table = h(
    'table',
    { hidden: true },
    h('caption.unseen', {}, 'Deepest queues'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Queue'), [['Ready'], ['Unacked', 'rank-2'], ['Consumers']].map(([label, rank]) =>
      h(rank ? `th.number.${rank}` : 'th.number', { scope: 'col' }, label)))),
    body,
  );
  const note = h('p.note', {}, 'Queues with messages or consumers are listed here.');
  const show = () => {
    if (!live.queues) {
      return;
    }
    const deepest = live.queues.deepest.slice(0, DEEPEST);
    table.hidden = deepest.length === 0;
    setText(note, deepest.length === 0
      ? 'There are no queues. One comes into being with its first message or consumer.'
      : `${format.plural(live.queues.count, 'queue')}, ${format.plural(live.queues.ready, 'message')} ready`);
    body.replaceChildren(...deepest.map(queue => h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('a', { href: toDestination(queue.destination), title: queue.destination }, queue.destination)),
      h('td.number', {}, format.integer(queue.ready)),
      h('td.number.rank-2', {}, format.integer(queue.unacknowledged)),
      h('td.number', {}, format.integer(queue.consumers)),
    )));
  };
  page.add(live.part('queues', show));
  return card('Deepest queues', null, note, table);
}

function trouble(page) {
  const recent = new RecentTrouble();
  const more = h('p', {}, h('a', { href: '#/events' }, 'All refusals and disconnects'));
  const shown = card('Recent trouble', null, recent.element, more);
  page.add(recent);
  return shown;
}

/** The nodes of a cluster; a broker that is the only one shows none. */
function nodes(page) {
  const body = h('tbody', {});
  const shown = card('Nodes', null, h(
    'table',
    {},
    h('caption.unseen', {}, 'Nodes of the cluster'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Node'), h('th', { scope: 'col' }, 'State'), [['Connections'], ['Up since', 'rank-2'], ['Version', 'rank-2']].map(([label, rank]) =>
      h(rank ? `th.${rank}` : 'th.number', { scope: 'col' }, label)))),
    body,
  ));
  const show = () => {
    const all = live.overview?.nodes ?? [];
    shown.hidden = all.length === 0;
    body.replaceChildren(...all.map(node => h(
      'tr',
      {},
      h('th', { scope: 'row' }, node.self ? `${node.id} (this one)` : node.id),
      h('td', {}, node.state),
      h('td.number', {}, format.integer(node.connections)),
      h('td.rank-2', {}, format.time(new Date(node.since))),
      h('td.rank-2', {}, node.version),
    )));
  };
  page.add(live.part('overview', show));
  return shown;
}
