import * as format from './web/format.js';
import { connection, element, show } from './page.js';

const list = element('watching');

/** Shows the pages that follow the topic, those that are here longest first. */
export function showWatching(change, members) {
  const here = [...members.values()].sort((one, other) => one.since - other.since);
  show('watching-now', here.length, format.integer);
  list.replaceChildren(...here.map(entry));
}

function entry({ session, since }) {
  const isThis = connection.sessions.has(session);
  const item = document.createElement('li');
  item.className = isThis ? 'this' : '';
  const name = document.createElement('span');
  // a session's whole id is the client's own affair
  name.textContent = isThis ? 'this page' : `another page, ${session.slice(0, 4)}`;
  const time = document.createElement('span');
  time.className = 'muted';
  time.textContent = `since ${format.time(since / 1000)}`;
  item.append(name, time);
  return item;
}
