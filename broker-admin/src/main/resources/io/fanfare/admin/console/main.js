import { login, logins } from './api.js';
import { h, setText } from './dom.js';
import * as format from './format.js';
import { live } from './live.js';
import { watchLogins } from './login.js';
import { configurationPage } from './pages/configuration.js';
import { connectionPage, connectionsPage } from './pages/connections.js';
import { eventsPage } from './pages/events.js';
import { overviewPage } from './pages/overview.js';
import { queuePage, queuesPage } from './pages/queues.js';
import { subscriptionsPage } from './pages/subscriptions.js';
import { topicPage, topicsPage } from './pages/topics.js';
import { tryPage } from './pages/try.js';

/** The page of each address behind the #: of a list, and of one thing in it. */
const PAGES = {
  overview: [overviewPage],
  connections: [connectionsPage, connectionPage],
  subscriptions: [subscriptionsPage],
  topics: [topicsPage, topicPage],
  queues: [queuesPage, queuePage],
  events: [eventsPage],
  configuration: [configurationPage],
  try: [tryPage],
};

const STATES = {
  connecting: ['connecting', 'The broker is asked for its last hour.'],
  live: ['live', 'The broker sends its numbers every second.'],
  polling: ['polled', 'The broker’s topics are out of reach from here: it is asked every two seconds.'],
  offline: ['no answer', 'The broker does not answer. It is asked again every two seconds.'],
};

const main = document.getElementById('main');
const state = document.getElementById('state');
const banner = document.getElementById('banner');
const version = document.getElementById('version');
const logout = document.getElementById('logout');
let page = null;

function show(isFirst = false) {
  if (isLoginShown()) {
    return;
  }
  const [name, thing] = location.hash.replace(/^#\/?/, '').split('/');
  const [list, one] = PAGES[name] ?? PAGES.overview;
  page?.stop();
  page = thing && one ? one(decode(thing)) : list();
  document.title = `${page.title} · Fanfare`;
  main.replaceChildren(page.element);
  main.dataset.page = location.hash;
  page.start();
  for (const link of document.querySelectorAll('nav a')) {
    const isHere = link.getAttribute('href') === `#/${PAGES[name] ? name : 'overview'}`;
    if (isHere) {
      link.setAttribute('aria-current', 'page');
      // in a narrow window the links scroll sideways
      link.scrollIntoView({ block: 'nearest', inline: 'center' });
    } else {
      link.removeAttribute('aria-current');
    }
  }
  if (!isFirst) {
    // a screen reader says where we are now
    scrollTo(0, 0);
    page.heading.focus({ preventScroll: true });
  }
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function showState() {
  const [text, about] = STATES[live.state];
  setText(state, text);
  state.dataset.value = live.state;
  state.title = about;
}

function showOverview() {
  const { version: release, uptime_ms: uptime, draining, memory_full: isFull } = live.overview;
  setText(version, `${release} · up ${format.duration(uptime)}`);
  const text = draining
    ? 'The broker drains: it takes no new clients and messages, and closes all connections.'
    : isFull && 'The broker holds as much as it may (max_memory_bytes): SEND is refused until consumers have taken messages.';
  banner.hidden = !text;
  setText(banner, text || '');
  logout.hidden = login.get() === null;
}

logins.addEventListener('needed', () => page?.stop());
logout.addEventListener('click', () => {
  login.clear();
  location.reload();
});
document.getElementById('skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
const isLoginShown = watchLogins(main, async () => {
  await live.start();
  show();
});
live.addEventListener('state', showState);
live.addEventListener('overview', showOverview);
addEventListener('hashchange', () => show());
showState();
main.replaceChildren(h('p.note', { role: 'status' }, 'Asking the broker …'));
// pages say what the broker has said already: its address, say
await live.start();
show(true);
