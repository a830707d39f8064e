import { element, make } from './web/page.js';

const MAX_LINES = 500;
const NEAR_END = 60; // pixels

const list = element('messages');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const shown = new Set(); // places in the topic

/** A colour for each name, of the eight that charts have. */
export function colour(name) {
  const sum = [...name].reduce((all, letter) => all * 31 + letter.codePointAt(0), 7);
  return `var(--series-${sum % 8})`;
}

export function avatar(name) {
  const circle = make('span', 'avatar', name[0].toUpperCase());
  circle.style.setProperty('--colour', colour(name));
  circle.setAttribute('aria-hidden', 'true');
  return circle;
}

export function clearMessages() {
  shown.clear();
  list.replaceChildren();
}

/** Adds what was said; all of it is text, whatever it looks like. */
export function addMessage({ headers }, value, me) {
  const place = `${headers.epoch}/${headers.seq}`;
  if (shown.has(place) || typeof value?.text !== 'string') {
    return;
  }
  shown.add(place);
  const name = headers['user-id'];
  add(name ? spoken(name, value.text, +headers.timestamp, name === me) : make('li', 'notice', value.text));
}

/** Says that something is missing between what is there and what follows. */
export function addGap({ reason }) {
  if (reason === 'not-recovered' || reason === 'dropped') {
    add(make('li', 'notice', 'Some messages are missing here.'));
  }
}

function spoken(name, text, time, isMine) {
  const line = make('li', isMine ? 'said mine' : 'said');
  line.dataset.user = name;
  const last = list.lastElementChild;
  line.classList.toggle('more', last?.dataset.user === name);
  const head = make('p', 'who');
  const at = make('time', 'muted', clock.format(time));
  at.dateTime = new Date(time).toISOString();
  head.append(make('b', '', name), at);
  const words = make('div', 'words');
  words.append(head, make('p', 'text', text));
  line.append(avatar(name), words);
  return line;
}

function add(line) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
  list.append(line);
  if (list.children.length > MAX_LINES) {
    list.firstElementChild.remove();
  }
  if (isAtEnd || line.classList.contains('mine')) {
    list.scrollTop = list.scrollHeight;
  }
}
