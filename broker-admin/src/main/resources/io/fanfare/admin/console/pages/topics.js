import { encode, get, remove } from '../api.js';
import { count, text, user } from '../columns.js';
import { ask } from '../dialog.js';
import { card, empty, h, setDisabled, setText } from '../dom.js';
import { Facts, pollOf, Rates, withRate } from '../facts.js';
import * as format from '../format.js';
import { toConnection, toTopic } from '../links.js';
import { List } from '../list.js';
import { Page } from '../page.js';
import { publishCard } from '../publish.js';
import { destinationForm } from './find.js';
import { Messages } from './messages.js';
import { subscriptionList } from './subscriptions.js';

export function topicsPage() {
  const page = new Page('Topics', { lead: 'Each message goes to every subscriber. A topic is here while it has one, or keeps messages.' });
  page.actions.append(destinationForm('/topic/', 'Open a topic', '/topic/prices'));
  page.add(new List({
    path: '/topics',
    title: 'Topics',
    thing: 'topic',
    sort: 'destination',
    placeholder: 'a part of the name',
    columns: [
      text('destination', 'Topic', { href: each => toTopic(each.destination) }),
      count('subscribers', 'Subscribers', { narrowWidth: '108px' }),
      count('messages_in', 'In', { rank: 2 }),
      count('messages_out', 'Out'),
      count('retained', 'Last values', { rank: 2 }),
      count('history', 'History', { rank: 3 }),
    ],
    empty: empty(
      'There are no topics.',
      'A topic comes with its first subscriber. Subscribe with any STOMP client, or with “Try it” in this console.',
    ),
  }));
  return page;
}

const WORDS = {
  member: 'values',
  thing: 'value',
  title: 'Last values',
  lead: 'What the next subscriber gets first: the newest message of each key, in the order in which they came.',
  none: 'The topic keeps no last value.',
};

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
    { key: 'retained', label: 'Last values' },
    { key: 'history', label: 'History', hint: 'Messages for subscribers that come back' },
  ]);
  const path = `/topics/${encode(destination)}`;
  const values = new Messages(`${path}/values`, WORDS);
  const done = h('p.result', { role: 'status' });
  const clear = h('button.danger', { type: 'button', onclick: () => clearAfterAsking() }, 'Clear…');
  let kept;
  const showKept = (retained, history) => {
    facts.set('retained', format.integer(retained));
    facts.set('history', format.integer(history));
    values.element.hidden = retained === 0;
    setDisabled([clear], retained + history === 0, page.heading);
    if (kept === 0 && retained > 0) {
      // later ones come with “Look again”: what is open stays open
      values.load();
    }
    kept = retained;
  };
  const rates = new Rates();
  const note = h('p.note', {});
  const show = topic => {
    const rate = rates.of({ in: topic.messages_in, out: topic.messages_out });
    facts.set('subscribers', format.integer(topic.subscribers));
    facts.set('in', withRate(format.integer(topic.messages_in), rate.in));
    facts.set('out', withRate(format.integer(topic.messages_out), rate.out));
    showKept(topic.retained, topic.history);
    setText(note, '');
  };
  const gone = () => {
    setText(note, 'The topic has no subscriber now: a message to it goes nowhere.');
    facts.set('subscribers', '0');
    showKept(0, 0);
  };
  const poll = pollOf(page, path, show, { gone });
  const reload = () => Promise.all([poll.now(), values.load()]);
  async function clearAfterAsking() {
    const said = await ask(clearing(destination, path));
    if (said) {
      setText(done, said);
      await reload();
    }
  }
  page.actions.append(clear);
  page.add(
    done,
    h('div.grid', {}, card('State', null, note, facts.element), publishCard(destination, reload)),
    values.element,
    values,
    poll,
  );
  page.add(h('h2.section', {}, 'Subscriptions by this name'), subscriptionList({ destinations: destination }, empty(
    'No subscription names this topic.',
    'Those by a pattern that matches it, such as /topic/#, are in the list of all subscriptions.',
  )), presencePart(destination));
  return page;
}

function clearing(destination, path) {
  return {
    title: 'Clear this topic?',
    text: `The last values and the history of ${destination} are thrown away. Subscribers are not told, and there is no way back.`,
    action: 'Clear',
    danger: true,
    run: async () => {
      const { cleared } = await remove(`${path}/kept`);
      return `${format.plural(cleared, 'message')} thrown away.`;
    },
  };
}
