import { element, make } from './web/page.js';
import { avatar } from './messages.js';

let onRemove;
let chosen;

/** Shows the users that are present: each once, with the number of tabs where it is more than one. */
export function showPeople(sessions, me, isModerator) {
  const tabs = new Map();
  for (const { user } of sessions) {
    tabs.set(user, (tabs.get(user) ?? 0) + 1);
  }
  const names = [...tabs.keys()].sort();
  element('people').replaceChildren(...names.map(name => {
    const item = make('li', '');
    item.dataset.user = name;
    const label = make('span', '', name);
    if (name === me) {
      label.append(make('span', 'muted', ' (you)'));
    }
    if (tabs.get(name) > 1) {
      label.append(make('span', 'muted', ` in ${tabs.get(name)} tabs`));
    }
    item.append(avatar(name), label);
    if (isModerator && name !== me) {
      item.append(removeButton(name));
    }
    return item;
  }));
}

function removeButton(name) {
  const button = make('button', '', 'Remove …');
  button.type = 'button';
  button.setAttribute('aria-label', `Remove ${name}`);
  button.addEventListener('click', () => {
    chosen = name;
    element('removal-title').textContent = `Remove ${name}?`;
    element('reason').value = '';
    element('removal').showModal();
    element('reason').focus();
  });
  return button;
}

/** Has the dialog ask for a reason, and pass it on. */
export function bindRemoval(seconds, remove) {
  onRemove = remove;
  element('removal-note').textContent = `All connections of the user are closed, for ${seconds} s at least.`;
  element('removal-cancel').addEventListener('click', () => element('removal').close());
  element('remove').addEventListener('submit', event => {
    event.preventDefault();
    element('removal').close();
    onRemove(chosen, element('reason').value.trim());
  });
}
