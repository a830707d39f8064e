import { get, query } from '../api.js';
import { h, setText } from '../dom.js';
import { Poll } from '../facts.js';
import * as format from '../format.js';

const SHOWN = 5;
const ASKED = 50;
/** What clients and operators want is no trouble. */
const QUIET = new Set(['client', 'closed-by-operator', 'restarting', 'shutting-down']);

/** The newest refusals and disconnects that no one has asked for. */
export class RecentTrouble {
  #poll = new Poll(() => this.#show(), 5000);

  constructor() {
    this.list = h('ul.trouble', {});
    this.note = h('p.note', {}, '…');
    this.element = h('div', {}, this.note, this.list);
  }

  start() {
    return this.#poll.start();
  }

  stop() {
    this.#poll.stop();
  }

  async #show() {
    let answer;
    try {
      answer = await get(`/events${query({ limit: ASKED })}`);
    } catch {
      return; // the page says so already
    }
    const events = answer.items.filter(event => !QUIET.has(event.reason)).slice(0, SHOWN);
    setText(this.note, events.length === 0 ? 'No connection was refused or lost lately.' : 'Newest first');
    this.list.replaceChildren(...events.map(event => h(
      'li',
      {},
      h('time', { datetime: event.time }, format.time(new Date(event.time))),
      h(`span.badge.${event.kind === 'refused' ? 'warn' : 'bad'}`, {}, event.reason),
      h('span.detail', { title: event.detail }, event.detail || event.address),
    )));
  }
}
