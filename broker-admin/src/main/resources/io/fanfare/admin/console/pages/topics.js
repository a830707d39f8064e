import { encode, get } from '../api.js';
import { count, text, user } from '../columns.js';
import { card, empty, h, setText } from '../dom.js';
import { Facts, pollOf, Rates, withRate } from '../facts.js';
import * as format from '../format.js';
import { toConnection, toTopic } from '../links.js';
import { List } from '../list.js';
import { Page } from '../page.js';
import { publishCard } from '../publish.js';
import { destinationForm } from './find.js';
import { subscriptionList } from './subscriptions.js';

export function topicsPage() {
  const page = new Page('Topics', { lead: 'Each message goes to every subscriber. A topic is here while it has one.' });
  page.actions.append(destinationForm('/topic/', 'Open a topic', '/topic/prices'));
  page.add(new List({
    path: '/topics',
    title: 'Topics',
    thing: 'topic',
    sort: 'destination',
    placeholder: 'a part of the name',
    columns: [
      text('destination', 'Topic', { href: each => toTopic(each.destination) }),
      count('subscribers', 'Subscribers'),
      count('messages_in', 'In', { rank: 2 }),
      count('messages_out', 'Out'),
    ],
    empty: empty(
      'There are no topics.',
      'A topic comes with its first subscriber. Subscribe with any STOMP client, or with “Try it” in this console.',
    ),
  }));
  return page;
}

/** The sessions that are present at a topic; not shown where its presence is not gathered. */
function presencePart(destination) {
  const path = `/topics/${encode(destination)}/presence`;
  const list = new List({
    path,
    title: 'Present',
    thing: 'session',
    sort: 'since',
    placeholder: 'user or session',
    columns: [
      user(),
      text('session', 'Session', { href: each => toConnection(each.session) }),
      { key: 'since', label: 'Since', text: each => format.time(new Date(each.since)), width: '140px' },
    ],
    empty: empty('No session is present.', 'Those of subscriptions that name the topic are, not those of patterns.'),
  });
  const element = h('section', { hidden: true }, h('h2.section', {}, 'Present'), list.element);
  let isOn = true;
  return {
    element,
    async start() {
      try {
        await get(`${path}?limit=1`);
      } catch {
        return;
      }
      if (isOn) {
        element.hidden = false;
        list.start();
      }
    },
    stop() {
      isOn = false;
      list.stop();
    },
  };
}

export function topicPage(destination) {
  const page = new Page(destination, { back: { href: '#/topics', label: 'Topics' } });
  const facts = new Facts([
    { key: 'subscribers', label: 'Subscribers' },
    { key: 'in', label: 'Messages in' },
    { key: 'out', label: 'Messages out' },
  ]);
  const rates = new Rates();
  const note = h('p.note', {});
  const show = topic => {
    const rate = rates.of({ in: topic.messages_in, out: topic.messages_out });
    facts.set('subscribers', format.integer(topic.subscribers));
    facts.set('in', withRate(format.integer(topic.messages_in), rate.in));
    facts.set('out', withRate(format.integer(topic.messages_out), rate.out));
    setText(note, '');
  };
  const gone = () => {
    setText(note, 'The topic has no subscriber now: a message to it goes nowhere.');
    facts.set('subscribers', '0');
  };
  const poll = pollOf(page, `/topics/${encode(destination)}`, show, { gone });
  page.add(
    h('div.grid', {}, card('State', null, note, facts.element), publishCard(destination, () => poll.now())),
    poll,
  );
  page.add(h('h2.section', {}, 'Subscriptions by this name'), subscriptionList({ destinations: destination }, empty(
    'No subscription names this topic.',
    'Those by a pattern that matches it, such as /topic/#, are in the list of all subscriptions.',
  )), presencePart(destination));
  return page;
}
