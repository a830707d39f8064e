import { Alert, h } from './dom.js';

/** What all pages have: a title, parts that are started and stopped, and actions at the title's side. */
export class Page {
  #parts = [];

  /**
   * @param title of the page and of the browser's tab
   * @param options `back`: { href, label } of the list that a thing is in; `lead`: a sentence below the title
   */
  constructor(title, { back, lead } = {}) {
    this.title = title;
    this.alert = new Alert();
    this.heading = h('h1', { tabindex: '-1' }, title);
    this.actions = h('div.actions', {});
    this.element = h(
      'div.page',
      {},
      back && h('a.back', { href: back.href }, `‹ ${back.label}`),
      h('div.page-head', {}, h('div', {}, this.heading, lead && h('p.lead', {}, lead)), this.actions),
      this.alert.element,
    );
  }

  /** Adds elements, and parts with an element, `start` and `stop`. */
  add(...parts) {
    for (const part of parts) {
      if (part instanceof Node) {
        this.element.append(part);
      } else {
        if (part.element && !part.element.isConnected && !part.element.parentNode) {
          this.element.append(part.element);
        }
        this.#parts.push(part);
      }
    }
    return this;
  }

  start() {
    this.#parts.forEach(part => part.start?.());
  }

  stop() {
    this.#parts.forEach(part => part.stop?.());
  }
}
