import { get } from './api.js';
import { h, setText } from './dom.js';
import { NONE, perSecond } from './format.js';

/** A list of names and values, which stays the same elements as the values change. */
export class Facts {
  /** @param names a list of { key, label }, with `hint` for what a pointer shows */
  constructor(names) {
    this.values = new Map();
    this.element = h('dl.facts', {}, names.map(({ key, label, hint }) => {
      const value = h('dd', {}, NONE);
      this.values.set(key, value);
      return h('div', { title: hint }, h('dt', {}, label), value);
    }));
  }

  set(key, text) {
    setText(this.values.get(key), String(text));
  }
}

/** A count with its rate, once that is known. */
export const withRate = (count, rate) => (rate === NONE ? count : `${count} · ${rate}`);

/** Rates of counts that only grow, from one answer to the next. */
export class Rates {
  #last = null;

  /** The rate of each key, as a text; before the second answer there are none. */
  of(counts) {
    const now = performance.now();
    const before = this.#last;
    this.#last = { now, counts };
    return Object.fromEntries(Object.entries(counts).map(([key, value]) => {
      const seconds = before && (now - before.now) / 1000;
      return [key, before ? perSecond(Math.max(0, value - before.counts[key]) / seconds) : NONE];
    }));
  }
}

/** Runs a task now and every so often, one after the other, until it is stopped. */
export class Poll {
  #task;
  #millis;
  #timer = null;
  #isOn = false;

  constructor(task, millis = 2000) {
    this.#task = task;
    this.#millis = millis;
  }

  start() {
    this.#isOn = true;
    return this.now();
  }

  async now() {
    clearTimeout(this.#timer);
    await this.#task();
    clearTimeout(this.#timer);
    if (this.#isOn) {
      this.#timer = setTimeout(() => this.now(), this.#millis);
    }
  }

  stop() {
    this.#isOn = false;
    clearTimeout(this.#timer);
  }
}

/**
 * Asks for one thing of the API, again and again; the page has the sentence of an error.
 *
 * @param show gets the answer
 * @param gone called where there is no such thing; without it, that is an error too
 */
export function pollOf(page, path, show, { gone, millis } = {}) {
  return new Poll(async () => {
    try {
      show(await get(path));
    } catch (error) {
      if (!gone || error.status !== 404) {
        page.alert.show(error);
        return;
      }
      gone();
    }
    page.alert.clear();
  }, millis);
}
