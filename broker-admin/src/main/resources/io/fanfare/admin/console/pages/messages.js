import { encode, get } from '../api.js';
import { showBody } from '../body.js';
import { Alert, card, h, setText } from '../dom.js';
import * as format from '../format.js';

const AT_ONCE = 20;

/** Messages that are kept, looked at without taking them: each opens to its headers and its body. */
export class Messages {
  /** @param words `title` and `lead` of the card, `none` for an empty list, `thing`, and `member` of the answer */
  constructor(path, words) {
    this.path = path;
    this.words = words;
    this.alert = new Alert();
    this.note = h('p.note', { role: 'status' });
    this.list = h('div.messages', {});
    this.more = h('button', { type: 'button', hidden: true, onclick: () => this.load(this.last) }, 'More');
    const again = h('button', { type: 'button', onclick: () => this.load() }, 'Look again');
    this.element = card(
      words.title,
      words.lead,
      h('div.tools', {}, again, this.note),
      this.alert.element,
      this.list,
      this.more,
    );
    this.element.classList.add('whole');
  }

  start() {
    return this.load();
  }

  /** Looks behind a position; from the first message on without one. */
  async load(after) {
    try {
      const where = after === undefined ? '' : `&after=${encode(after)}`;
      const answer = await get(`${this.path}?limit=${AT_ONCE}${where}`);
      this.alert.clear();
      this.#show(answer[this.words.member], after === undefined);
    } catch (error) {
      if (error.status === 404) {
        this.#show([], true);
      } else {
        this.alert.show(error);
      }
    }
  }

  #show(messages, fromStart) {
    const items = messages.map(messageItem);
    if (fromStart) {
      this.list.replaceChildren(...items);
    } else {
      this.list.append(...items);
      items[0]?.querySelector('summary').focus();
    }
    this.last = messages.at(-1)?.position ?? this.last;
    this.more.hidden = messages.length < AT_ONCE;
    const count = this.list.childElementCount;
    const shown = format.plural(count, this.words.thing);
    setText(this.note, count === 0 ? this.words.none : this.more.hidden ? shown : `The first ${shown}`);
  }
}

function messageItem(message) {
  const details = h(
    'details',
    {},
    h(
      'summary',
      {},
      h('span.message-id', {}, message.message_id ?? (message.key || 'no key')),
      h('span.preview', {}, message.body === undefined ? 'no text' : message.body.slice(0, 120)),
      h('span.message-facts', {}, facts(message)),
    ),
  );
  // a body is laid out when it is opened, and not before
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(headerTable(message.headers), showBody(message));
    }
  });
  return details;
}

function facts({ timestamp, bytes, priority, deliveries }) {
  return [
    format.time(new Date(timestamp)),
    format.bytes(bytes),
    priority !== undefined && priority !== 4 && `priority ${priority}`,
    deliveries > 0 && `delivered ${format.plural(deliveries, 'time')}`,
  ].filter(Boolean).join(' · ');
}

function headerTable(headers) {
  return h(
    'table.headers',
    {},
    h('caption.unseen', {}, 'Headers'),
    h('tbody', {}, Object.entries(headers).map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value)))),
  );
}
