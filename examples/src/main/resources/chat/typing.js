import { element, note, show } from './web/page.js';
import { integer } from './web/format.js';

const SHOWN_MILLIS = 4000; // longer than the time between two marks

const typists = new Map(); // until when, by name
const figures = { sent: 0, came: 0, conflated: 0 };

/** Has the form send with Enter, and each key give a mark. */
export function bindTyping({ send, typed }) {
  const text = element('text');
  const mark = isTyping => {
    if (typed(isTyping)) {
      figures.sent++;
      draw();
    }
  };
  text.addEventListener('input', () => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight + 2}px`;
    mark(text.value !== '');
  });
  text.addEventListener('keydown', event => {
    // not while a word is being composed
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      element('say').requestSubmit();
    }
  });
  element('say').addEventListener('submit', event => {
    event.preventDefault();
    const said = text.value.trim();
    if (said) {
      send(said);
      text.value = '';
      text.style.height = 'auto';
      mark(false);
    }
    text.focus();
  });
}

/** Takes a mark that has come. */
export function gotTyping({ headers }, value) {
  const name = headers['user-id'];
  if (name) {
    figures.came++;
    figures.conflated += +(headers.conflated ?? 0);
    if (value.isTyping) {
      typists.set(name, Date.now() + SHOWN_MILLIS);
    } else {
      typists.delete(name);
    }
    draw();
  }
}

/** Has said what was typed. */
export function stopTyping(name) {
  if (typists.delete(name)) {
    draw();
  }
}

export function clearTyping() {
  typists.clear();
  draw();
}

function draw() {
  const names = [...typists.keys()].sort();
  const who = names.length > 2 ? 'Several people are' : `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'}`;
  note('typing', names.length > 0 ? `${who} typing …` : '');
  show('marks-sent', figures.sent, integer);
  show('marks-came', figures.came, integer);
  show('marks-conflated', figures.conflated, integer);
}

setInterval(() => {
  const now = Date.now();
  typists.forEach((until, name) => until < now && typists.delete(name));
  draw();
}, 1000);
