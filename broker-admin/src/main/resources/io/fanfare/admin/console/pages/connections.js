import { encode, query, remove } from '../api.js';
import { count, size, text, user, userName } from '../columns.js';
import { ask } from '../dialog.js';
import { card, empty, h } from '../dom.js';
import { Facts, pollOf, Rates, withRate } from '../facts.js';
import * as format from '../format.js';
import { toConnection } from '../links.js';
import { List } from '../list.js';
import { live, webSocketUrl } from '../live.js';
import { Page } from '../page.js';
import { subscriptionList } from './subscriptions.js';

export function connectionsPage() {
  const page = new Page('Connections', { lead: 'Clients that are CONNECTED, over WebSocket and plain TCP.' });
  page.add(new List({
    path: '/connections',
    title: 'Connections',
    thing: 'connection',
    sort: '-age_ms',
    placeholder: 'user, address or id',
    columns: [
      text('id', 'Connection', { href: each => toConnection(each.id), width: '150px' }),
      user(),
      text('address', 'Address', { rank: 2 }),
      { key: 'transport', label: 'Over', text: each => `${each.transport} ${each.version}`, rank: 3, width: '116px' },
      count('subscriptions', 'Subs', { rank: 2, width: '60px' }),
      size('bytes_in', 'In', { rank: 3, width: '84px' }),
      size('bytes_out', 'Out', { rank: 2, width: '84px' }),
      size('outbox_bytes', 'Waiting', { rank: 2, width: '84px' }),
      { key: 'age_ms', label: 'Age', number: true, text: each => format.duration(each.age_ms), width: '104px', narrowWidth: '98px' },
    ],
    empty: empty(
      'No client is connected.',
      'Connect one with any STOMP client, with “Try it” in this console, or from a terminal:',
      `fanfare sub ${live.overview ? webSocketUrl(live.overview) : 'ws://127.0.0.1:15674/ws'} /topic/hello`,
    ),
  }));
  return page;
}

const FACTS = [
  { key: 'user', label: 'User' },
  { key: 'address', label: 'Address' },
  { key: 'transport', label: 'Transport' },
  { key: 'age', label: 'Connected for' },
  { key: 'subscriptions', label: 'Subscriptions' },
  { key: 'frames_in', label: 'Frames in' },
  { key: 'bytes_in', label: 'Bytes in' },
  { key: 'bytes_out', label: 'Bytes out' },
  { key: 'waiting', label: 'Waits for its socket', hint: 'Bytes that its socket has not taken' },
  { key: 'lag', label: 'Heart-beat overdue' },
];

export function connectionPage(id) {
  const page = new Page(`Connection ${id}`, { back: { href: '#/connections', label: 'Connections' } });
  const facts = new Facts(FACTS);
  const rates = new Rates();
  const show = each => {
    const rate = rates.of({ frames: each.frames_in, in: each.bytes_in, out: each.bytes_out });
    facts.set('user', userName(each));
    facts.set('address', each.address);
    facts.set('transport', `${each.transport}${each.compressed ? ', compressed' : ''}, STOMP ${each.version}`);
    facts.set('age', format.duration(each.age_ms));
    facts.set('subscriptions', format.integer(each.subscriptions));
    facts.set('frames_in', withRate(format.integer(each.frames_in), rate.frames));
    facts.set('bytes_in', withRate(format.bytes(each.bytes_in), rate.in));
    facts.set('bytes_out', withRate(format.bytes(each.bytes_out), rate.out));
    facts.set('waiting', format.bytes(each.outbox_bytes));
    facts.set('lag', each.heart_beat_lag_ms === 0 ? 'no' : format.duration(each.heart_beat_lag_ms));
  };
  page.actions.append(h('button.danger', { type: 'button', onclick: () => close(id) }, 'Close connection…'));
  page.add(card('State', null, facts.element), pollOf(page, `/connections/${encode(id)}`, show));
  page.add(h('h2.section', {}, 'Subscriptions'), subscriptionList({ connection: id }, empty(
    'This client has no subscriptions.',
    'It may still publish: its frames are counted above.',
  )));
  return page;
}

async function close(id) {
  const closed = await ask({
    title: 'Close this connection?',
    text: 'The client gets close code 4403 with this reason, behind what is on its way to it. Most clients connect again.',
    fields: [{ name: 'reason', label: 'Reason', value: 'closed by an operator', required: true }],
    action: 'Close connection',
    danger: true,
    run: ({ reason }) => remove(`/connections/${encode(id)}${query({ reason })}`),
  });
  if (closed) {
    location.hash = '#/connections';
  }
}
