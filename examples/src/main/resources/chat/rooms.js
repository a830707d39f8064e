import { element, make } from './web/page.js';

const counts = new Map(); // sessions by room

/** Shows the rooms as buttons. */
export function showRooms(rooms, current, onGo) {
  element('rooms').replaceChildren(...rooms.map(name => {
    const item = make('li', '');
    const button = make('button', '', `# ${name}`);
    button.type = 'button';
    button.dataset.room = name;
    if (name === current) {
      button.setAttribute('aria-current', 'true');
    }
    button.append(make('span', 'count'));
    button.addEventListener('click', () => onGo(name));
    item.append(button);
    return item;
  }));
  rooms.forEach(show);
}

/** Takes a MESSAGE of `presence:count`. */
export function showCount(room, { body }) {
  if (body) {
    counts.set(room, JSON.parse(body).count);
    show(room);
  }
}

function show(room) {
  const count = counts.get(room) ?? 0;
  const badge = element('rooms').querySelector(`[data-room="${room}"] .count`);
  badge.textContent = count || '';
  badge.setAttribute('aria-label', `${count} here`);
}
