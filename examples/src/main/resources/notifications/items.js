import { element, make } from './web/page.js';

const list = element('items');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const lines = new Map(); // by id

/** Shows the items, the newest first; lines that have not changed stay as they are, with the focus. */
export function showItems(items, canRead, onRead) {
  const ids = new Set(items.map(item => item.id));
  for (const [id, line] of lines) {
    if (!ids.has(id)) {
      line.remove();
      lines.delete(id);
    }
  }
  items.forEach((item, i) => {
    const line = lines.get(item.id) ?? newLine(item, onRead);
    update(line, item, canRead);
    if (list.children[i] !== line) {
      list.insertBefore(line, list.children[i] ?? null);
    }
  });
}

function newLine({ id, from, title, text, time }, onRead) {
  const line = make('li', 'item');
  line.dataset.id = id;
  const words = make('div', 'words');
  const note = make('p', 'note muted');
  note.append(make('span', 'from', from), ` · ${clock.format(time)}`, make('span', 'how'));
  words.append(make('h3', '', title), make('p', '', text), note);
  const button = make('button', '', 'Mark as read');
  button.type = 'button';
  button.setAttribute('aria-label', `Mark as read: ${title}`);
  button.addEventListener('click', () => {
    focusNext(line);
    onRead(id);
  });
  line.append(words, button);
  lines.set(id, line);
  return line;
}

function update(line, { isUnread, waited, readElsewhere }, canRead) {
  const state = isUnread ? 'unread' : 'read';
  if (line.dataset.state !== state) {
    line.dataset.state = state;
  }
  line.dataset.waited = waited;
  line.querySelector('.how').textContent =
    (waited ? ' · came while you were away' : '') + (readElsewhere ? ' · read in another browser' : '');
  const button = line.querySelector('button');
  button.hidden = !isUnread;
  button.disabled = !canRead;
}

/** The button is about to go; the keyboard goes on with the next one. */
function focusNext(line) {
  const unread = [...list.querySelectorAll('[data-state="unread"]')];
  const i = unread.indexOf(line);
  (unread[i + 1] ?? unread[i - 1])?.querySelector('button').focus();
}
