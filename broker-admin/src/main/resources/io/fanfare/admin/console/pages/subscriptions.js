import { count, size, text, user } from '../columns.js';
import { empty, h } from '../dom.js';
import { toConnection, toDestination } from '../links.js';
import { List } from '../list.js';
import { Page } from '../page.js';

const destinations = each => each.destinations.join(', ');

/** A list of subscriptions, of all or those that have these values. */
export function subscriptionList(parameters, nothing) {
  const columns = [
    {
      key: 'destinations',
      label: 'Destinations',
      text: destinations,
      href: each => toDestination(each.destinations[0] ?? ''),
    },
    text('id', 'Id', { rank: 3, width: '76px' }),
    user({ rank: 2, width: '100px' }),
    text('connection', 'Connection', { href: each => toConnection(each.connection), width: '108px' }),
    text('ack', 'Ack', { rank: 2, width: '120px' }),
    text('selector', 'Selector', { rank: 3, width: '88px' }),
    count('unsettled', 'Unsettled', { rank: 2 }),
  ];
  return new List({
    path: '/subscriptions',
    parameters,
    title: 'Subscriptions',
    thing: 'subscription',
    sort: 'destinations',
    placeholder: 'destination, user or selector',
    columns: columns.filter(each => !(each.key in parameters)),
    empty: nothing,
  });
}

export function subscriptionsPage() {
  const page = new Page('Subscriptions', { lead: 'Those of connected clients, and durable ones of clients that are away.' });
  page.add(subscriptionList({}, empty(
    'No client has a subscription.',
    'A client SUBSCRIBEs to a topic or a queue to get messages; “Try it” in this console does too.',
  )));
  page.add(h('h2.section', {}, 'Durable subscriptions'), new List({
    path: '/durable-subscriptions',
    title: 'Durable subscriptions',
    thing: 'durable subscription',
    sort: 'id',
    columns: [
      text('name', 'Name'),
      text('client_id', 'Client-id'),
      user({ rank: 2 }),
      { key: 'destinations', label: 'Destinations', text: destinations, rank: 2 },
      {
        key: 'connected',
        label: 'Client',
        text: each => (each.connected ? 'connected' : 'away'),
        badge: each => (each.connected ? 'good' : 'warn'),
      },
      count('depth', 'Waiting'),
      size('bytes', 'Bytes', { rank: 3 }),
    ],
    empty: empty(
      'There are no durable subscriptions.',
      'A SUBSCRIBE with durable:true, on a connection with a client-id, keeps a topic’s messages while its client is away.',
    ),
  }));
  return page;
}
