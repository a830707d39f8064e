import { text } from '../columns.js';
import { card, empty, h, setText } from '../dom.js';
import * as format from '../format.js';
import { List } from '../list.js';
import { live } from '../live.js';
import { Page } from '../page.js';

const GOOD = new Set(['client']);

export function eventsPage() {
  const page = new Page('Refusals and disconnects', { lead: 'The last 500 of each: ended by clients, ended by the broker, refused.' });
  const closed = new Reasons('Connections ended', 'closed', 'No connection has ended.');
  const refused = new Reasons('Connections refused', 'refused', 'No connection was refused.');
  page.add(h('div.grid', {}, closed.element, refused.element));
  page.add(live.part('sample', () => {
    closed.show();
    refused.show();
  }), new List({
    path: '/events',
    title: 'Refusals and disconnects',
    thing: 'event',
    sort: '-number',
    placeholder: 'reason, address, user or detail',
    columns: [
      { key: 'number', label: 'Time', text: each => format.time(new Date(each.time)), width: '110px', narrowWidth: '100px' },
      {
        key: 'reason',
        label: 'Reason',
        width: '168px',
        narrowWidth: '136px',
        text: each => each.reason,
        badge: each => (each.kind === 'refused' ? 'warn' : GOOD.has(each.reason) ? 'good' : 'bad'),
      },
      text('kind', 'What', { rank: 3, width: '84px' }),
      text('address', 'Address', { rank: 2, width: '156px' }),
      text('user', 'User', { rank: 3, width: '90px' }),
      text('connection', 'Connection', { rank: 3, width: '110px' }),
      text('detail', 'Detail'),
    ],
    empty: empty('Nothing has been refused, and no connection has ended.', 'What happens from now on is listed here by itself.'),
  }));
  return page;
}

/** How often there was each reason since the start of the broker. */
class Reasons {
  constructor(title, key, nothing) {
    this.key = key;
    this.nothing = nothing;
    this.note = h('p.note', {}, 'Known while the page gets live data.');
    this.list = h('ul.reasons', {});
    this.element = card(title, 'since the start of the broker', this.note, this.list);
  }

  show() {
    if (!live.totals) {
      return;
    }
    const counts = Object.entries(live.totals[this.key]).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
    setText(this.note, counts.length === 0 ? this.nothing : '');
    const shown = JSON.stringify(counts);
    if (shown !== this.shown) {
      this.shown = shown;
      this.list.replaceChildren(...counts.map(([reason, count]) =>
        h('li', {}, h('span', {}, reason), h('b', {}, format.integer(count)))));
    }
  }
}
