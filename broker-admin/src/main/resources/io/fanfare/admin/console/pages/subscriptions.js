import { empty, h } from '../dom.js';
import * as format from '../format.js';
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
    { key: 'id', label: 'Id', text: each => each.id, rank: 3, width: '110px' },
    { key: 'user', label: 'User', text: each => each.user || 'anonymous', rank: 2 },
    { key: 'connection', label: 'Connection', text: each => each.connection, href: each => toConnection(each.connection) },
    { key: 'ack', label: 'Ack', text: each => each.ack, rank: 2, width: '120px' },
    { key: 'selector', label: 'Selector', text: each => each.selector || format.NONE, rank: 3 },
    { key: 'unsettled', label: 'Unsettled', number: true, text: each => format.integer(each.unsettled), rank: 2 },
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
      { key: 'name', label: 'Name', text: each => each.name },
      { key: 'client_id', label: 'Client-id', text: each => each.client_id },
      { key: 'user', label: 'User', text: each => each.user || 'anonymous', rank: 2 },
      { key: 'destinations', label: 'Destinations', text: destinations, rank: 2 },
      {
        key: 'connected',
        label: 'Client',
        text: each => (each.connected ? 'connected' : 'away'),
        badge: each => (each.connected ? 'good' : 'warn'),
      },
      { key: 'depth', label: 'Waiting', number: true, text: each => format.integer(each.depth) },
      { key: 'bytes', label: 'Bytes', number: true, text: each => format.bytes(each.bytes), rank: 3 },
    ],
    empty: empty(
      'There are no durable subscriptions.',
      'A SUBSCRIBE with durable:true, on a connection with a client-id, keeps a topic’s messages while its client is away.',
    ),
  }));
  return page;
}
