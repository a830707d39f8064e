// What every page has: its elements by their id, and the header that says how the connection is.

export const element = id => document.getElementById(id);

/** Shows a number; its element has the number itself in `data-value`. */
export function show(id, value, text) {
  element(id).textContent = text(value);
  element(id).dataset.value = value;
}

export function note(id, text) {
  element(id).textContent = text;
}

/** Shows words of which each stays in one line where it has room: a header breaks at no hyphen. */
export function terms(shownIn, text) {
  shownIn.replaceChildren(...text.split(' ').flatMap(word => [make('span', 'term', word), ' ']));
}

/** A new element with text, which is never read as HTML. */
export function make(tag, className, text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Shows the connection's state, and the verdict about what was missed where there is one. */
export function showState(state, verdict) {
  note('state', state);
  element('state').dataset.value = state;
  note('pause', state === 'offline' ? 'Go online' : 'Go offline');
  if (verdict) {
    element('verdict').hidden = false;
    element('verdict').dataset.kind = verdict.kind;
    element('verdict').dataset.missed = verdict.missed ?? '';
    note('verdict-text', verdict.text);
  }
}

/** Has the header's buttons do what they say. */
export function bindHeader({ isOffline, goOffline, goOnline }) {
  element('pause').addEventListener('click', () => (isOffline() ? goOnline() : goOffline()));
  element('verdict-close').addEventListener('click', () => {
    element('verdict').hidden = true;
    element('pause').focus();
  });
}
