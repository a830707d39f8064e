import { get } from '../api.js';
import { card, h, newId, setText, settingName } from '../dom.js';
import { pollOf } from '../facts.js';
import * as format from '../format.js';
import { Page } from '../page.js';

export function configurationPage() {
  const page = new Page('Configuration', { lead: 'What is in force, without secrets; and limits, with what is used of them.' });
  const limits = h('tbody', {});
  const settings = new Settings();
  const poll = pollOf(page, '/limits', ({ items }) => limits.replaceChildren(...items.map(limitRow)), { millis: 5000 });
  page.add(h(
    'div.grid',
    {},
    card('Settings', null, settings.element),
    card('Limits', null, h(
      'table',
      {},
      h('caption.unseen', {}, 'Limits'),
      h('thead', {}, h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Limit'),
        h('th.number', { scope: 'col' }, 'Value'),
        h('th.number', { scope: 'col' }, 'Used'),
      )),
      limits,
    )),
  ));
  page.add({
    async start() {
      try {
        settings.show(await get('/configuration'));
      } catch (error) {
        page.alert.show(error);
      }
    },
  }, poll);
  return page;
}

function limitRow({ key, limit, used }) {
  const text = key.endsWith('_bytes') ? format.bytes : format.integer;
  const meter = used !== null && h('meter', { min: '0', max: String(limit), value: String(used), high: String(limit * 0.8), 'aria-label': `${key} used` });
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, settingName(key)),
    h('td.number', {}, limit === 0 ? 'none' : text(limit)),
    h('td.number', {}, used === null ? 'for each' : text(used), meter),
  );
}

class Settings {
  #all = [];

  constructor() {
    this.input = h('input', { type: 'search', id: newId('filter'), placeholder: 'a part of a key or value', autocomplete: 'off', oninput: () => this.#draw() });
    this.count = h('p.count', { role: 'status' });
    this.body = h('tbody', {});
    this.element = h(
      'div',
      {},
      h('div.tools', {}, h('label', { for: this.input.id }, 'Filter'), this.input, this.count),
      h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': 'Settings' }, h(
        'table.settings',
        {},
        h('caption.unseen', {}, 'Settings'),
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Key'), h('th', { scope: 'col' }, 'Value'))),
        this.body,
      )),
    );
  }

  show(configuration) {
    this.#all = Object.entries(configuration);
    this.#draw();
  }

  #draw() {
    const text = this.input.value.trim().toLowerCase();
    const found = this.#all.filter(([key, value]) => `${key} ${value}`.toLowerCase().includes(text));
    setText(this.count, format.plural(found.length, 'setting'));
    this.body.replaceChildren(...found.map(([key, value]) =>
      h('tr', {}, h('th', { scope: 'row' }, settingName(key)), h('td', {}, h('code', {}, value || format.NONE)))));
  }
}
