import { encode, get } from '../api.js';
import { card, empty, h } from '../dom.js';
import { Facts, Poll, Rates, withRate } from '../facts.js';
import * as format from '../format.js';
import { toTopic } from '../links.js';
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
      { key: 'destination', label: 'Topic', text: each => each.destination, href: each => toTopic(each.destination) },
      { key: 'subscribers', label: 'Subscribers', number: true, text: each => format.integer(each.subscribers) },
      { key: 'messages_in', label: 'In', number: true, text: each => format.integer(each.messages_in), rank: 2 },
      { key: 'messages_out', label: 'Out', number: true, text: each => format.integer(each.messages_out) },
    ],
    empty: empty(
      'There are no topics.',
      'A topic comes with its first subscriber. Subscribe with any STOMP client, or with “Try it” in this console.',
    ),
  }));
  return page;
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
  const poll = new Poll(async () => {
    try {
      const topic = await get(`/topics/${encode(destination)}`);
      const rate = rates.of({ in: topic.messages_in, out: topic.messages_out });
      facts.set('subscribers', format.integer(topic.subscribers));
      facts.set('in', withRate(format.integer(topic.messages_in), rate.in));
      facts.set('out', withRate(format.integer(topic.messages_out), rate.out));
      page.alert.clear();
      note.textContent = '';
    } catch (error) {
      if (error.status === 404) {
        note.textContent = 'The topic has no subscriber now: a message to it goes nowhere.';
        facts.set('subscribers', '0');
      } else {
        page.alert.show(error);
      }
    }
  });
  page.add(
    h('div.grid', {}, card('State', null, note, facts.element), publishCard(destination, () => poll.now())),
    poll,
  );
  page.add(h('h2.section', {}, 'Subscriptions by this name'), subscriptionList({ destinations: destination }, empty(
    'No subscription names this topic.',
    'Those by a pattern that matches it, such as /topic/#, are in the list of all subscriptions.',
  )));
  return page;
}
