import { encode, post, remove } from '../api.js';
import { count, size, text } from '../columns.js';
import { ask } from '../dialog.js';
import { card, empty, h, setDisabled, setText } from '../dom.js';
import { Facts, pollOf, Rates, withRate } from '../facts.js';
import * as format from '../format.js';
import { toQueue } from '../links.js';
import { List } from '../list.js';
import { Page } from '../page.js';
import { publishCard } from '../publish.js';
import { destinationForm } from './find.js';
import { Messages } from './messages.js';
import { subscriptionList } from './subscriptions.js';

const age = oldest => (oldest ? format.duration(Math.max(0, Date.now() - Date.parse(oldest))) : format.NONE);

export function queuesPage() {
  const page = new Page('Queues', { lead: 'Each message goes to one consumer, and is kept until that acknowledges it.' });
  page.actions.append(destinationForm('/queue/', 'Open a queue', '/queue/orders'));
  page.add(new List({
    path: '/queues',
    title: 'Queues',
    thing: 'queue',
    sort: '-depth',
    placeholder: 'a part of the name',
    columns: [
      text('destination', 'Queue', { href: each => toQueue(each.destination) }),
      count('depth', 'Ready'),
      count('unacknowledged', 'Unacked', { rank: 2 }),
      count('consumers', 'Consumers', { narrowWidth: '108px' }),
      size('bytes', 'Bytes', { rank: 2 }),
      { key: 'oldest', label: 'Oldest', number: true, text: each => age(each.oldest), rank: 3 },
      count('messages_in', 'In', { rank: 3 }),
      count('messages_out', 'Out', { rank: 3 }),
    ],
    empty: empty(
      'There are no queues.',
      'A queue comes with its first message or consumer. Open one by its name above and publish to it.',
    ),
  }));
  return page;
}

const FACTS = [
  { key: 'depth', label: 'Ready', hint: 'Messages that no consumer has' },
  { key: 'unacknowledged', label: 'Unacknowledged', hint: 'Messages that consumers have and have not settled' },
  { key: 'redelivering', label: 'Wait for redelivery' },
  { key: 'delayed', label: 'Delayed' },
  { key: 'consumers', label: 'Consumers' },
  { key: 'bytes', label: 'Bytes' },
  { key: 'oldest', label: 'Oldest waits for' },
  { key: 'in', label: 'Messages in' },
  { key: 'out', label: 'Messages out' },
];

const WORDS = {
  member: 'messages',
  thing: 'message',
  title: 'Messages',
  lead: 'In their order. Looking does not take them.',
  none: 'No message is ready: consumers have taken all, or none has come. Publish one above.',
};

export function queuePage(destination) {
  const page = new Page(destination, { back: { href: '#/queues', label: 'Queues' } });
  const path = `/queues/${encode(destination)}`;
  const facts = new Facts(FACTS);
  const rates = new Rates();
  const done = h('p.result', { role: 'status' });
  const note = h('p.note', {});
  let isShared = false;
  const messages = new Messages(`${path}/messages`, WORDS);
  const show = queue => {
    const rate = rates.of({ in: queue.messages_in, out: queue.messages_out });
    const isThere = queue !== NOTHING;
    isShared = queue.shared;
    setText(note, isShared ? SHARED : '');
    if (!isThere) {
      setText(note, 'The queue is empty and has no consumer: it comes into being with its next message.');
    }
    for (const key of ['depth', 'unacknowledged', 'redelivering', 'delayed', 'consumers']) {
      facts.set(key, format.integer(queue[key]));
    }
    facts.set('bytes', format.bytes(queue.bytes));
    facts.set('oldest', age(queue.oldest));
    facts.set('in', isThere ? withRate(format.integer(queue.messages_in), rate.in) : format.NONE);
    facts.set('out', isThere ? withRate(format.integer(queue.messages_out), rate.out) : format.NONE);
    setDisabled(buttons, !isThere, page.heading);
  };
  const poll = pollOf(page, path, show, { gone: () => show(NOTHING) });
  const reload = () => Promise.all([poll.now(), messages.load()]);
  const act = async dialog => {
    const said = await dialog;
    if (said) {
      setText(done, said);
      await reload();
    }
  };
  const buttons = [
    h('button', { type: 'button', onclick: () => act(move(destination, path)) }, 'Move…'),
    h('button.danger', { type: 'button', onclick: () => act(purge(destination, path, isShared)) }, 'Purge…'),
    h('button.danger', { type: 'button', onclick: () => act(deleteQueue(destination, path)) }, 'Delete…'),
  ];
  page.actions.append(...buttons);
  page.add(
    done,
    h('div.grid', {}, card('State', null, note, facts.element), publishCard(destination, reload)),
    messages.element,
    messages,
    poll,
  );
  page.add(h('h2.section', {}, 'Consumers'), subscriptionList({ destinations: destination }, empty(
    'No client of this node consumes from the queue.',
    'Messages wait until a client SUBSCRIBEs to it.',
  )));
  return page;
}

const SHARED = 'Several nodes share the queue: these are the numbers of all of them. The messages below are all, those that '
  + 'consumers have too; the consumers below are this node\'s.';

const NOTHING = {
  depth: 0,
  unacknowledged: 0,
  redelivering: 0,
  delayed: 0,
  consumers: 0,
  bytes: 0,
  oldest: null,
  messages_in: 0,
  messages_out: 0,
  shared: false,
};

function purge(destination, path, isShared) {
  return ask({
    title: 'Purge this queue?',
    text: isShared
      ? `All messages of ${destination} are thrown away, at all nodes; those that consumers have do not come again. There is no way back.`
      : `All messages of ${destination} that no consumer has are thrown away. There is no way back.`,
    action: 'Purge',
    danger: true,
    run: async () => {
      const { purged } = await remove(`${path}/messages`);
      return `${format.plural(purged, 'message')} thrown away.`;
    },
  });
}

function move(destination, path) {
  return ask({
    title: 'Move the messages?',
    text: `The messages of ${destination} that no consumer has go to the end of another queue, with their headers.`,
    fields: [{ name: 'to', label: 'To', hint: 'A queue, such as /queue/later', required: true }],
    action: 'Move',
    run: async ({ to }) => {
      const { moved } = await post(`${path}/move`, { to: to.startsWith('/') ? to : `/queue/${to}` });
      return `${format.plural(moved, 'message')} moved to ${to}.`;
    },
  });
}

function deleteQueue(destination, path) {
  return ask({
    title: 'Delete this queue?',
    text: `${destination} goes, with its messages. A queue with consumers, or with unacknowledged or delayed messages, stays.`,
    action: 'Delete',
    danger: true,
    run: async () => {
      await remove(path);
      return 'The queue is deleted.';
    },
  });
}
