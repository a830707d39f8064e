import * as format from './web/format.js';
import { make, terms } from './web/page.js';

const template = document.getElementById('pane');
const ROW_HEIGHT = 26; // px, as in style.css

/** One way to follow the prices: a worker that does, its figures, and a table of which only what is in view is drawn. */
export class Pane {
  quotes = new Map(); // by symbol, as the table shows them
  figures = {};
  isCurrent = false;
  #rows = []; // in the order of the symbols
  #shown = new Map(); // symbol: what its row shows
  #isAsked = false;

  constructor(options, brokerURL) {
    const card = template.content.firstElementChild.cloneNode(true);
    this.element = card;
    card.dataset.pane = options.id;
    card.querySelector('h2').textContent = options.title;
    card.querySelector('h2').id = `${options.id}-title`;
    card.setAttribute('aria-labelledby', `${options.id}-title`);
    terms(card.querySelector('.topic'), options.shown);
    card.querySelector('.about').textContent = options.about;
    this.scroller = card.querySelector('.prices');
    this.scroller.setAttribute('aria-label', `Prices, ${options.title}`);
    this.body = card.querySelector('tbody');
    this.worker = new Worker('follower.js', { type: 'module' });
    this.worker.addEventListener('message', ({ data }) => this.#take(data));
    const { destination, headers, delta } = options;
    this.worker.postMessage({ brokerURL, destination, headers, delta });
  }

  /** Asks for what has changed, unless an answer is on its way. */
  look() {
    if (!this.#isAsked) {
      this.#isAsked = true;
      this.worker.postMessage('look');
    }
  }

  #take({ state, current, figures, changed }) {
    this.#isAsked = false;
    this.isCurrent = current;
    this.figures = figures;
    this.element.dataset.state = state;
    let isLonger = false;
    for (const [symbol, quote] of changed) {
      isLonger ||= !this.quotes.has(symbol);
      this.quotes.set(symbol, quote);
    }
    if (isLonger) {
      this.#arrange();
    }
  }

  /** Makes rows for new symbols. */
  #arrange() {
    this.#rows = [...this.quotes.keys()].sort();
    while (this.body.rows.length < this.#rows.length) {
      const row = make('tr', '');
      const name = make('th', '');
      name.scope = 'row';
      row.append(name, make('td', 'number'), make('td', 'number'));
      this.body.append(row);
    }
    this.#shown.clear();
  }

  /** Draws the rows that are in view, or all. */
  draw(isWhole) {
    const first = isWhole ? 0 : Math.floor(this.scroller.scrollTop / ROW_HEIGHT);
    const last = isWhole ? this.#rows.length : first + Math.ceil(this.scroller.clientHeight / ROW_HEIGHT);
    for (let i = Math.max(0, first - 1); i < Math.min(last, this.#rows.length); i++) {
      this.#drawRow(i, this.quotes.get(this.#rows[i]));
    }
  }

  #drawRow(i, quote) {
    const before = this.#shown.get(quote.symbol);
    if (before === quote) {
      return;
    }
    this.#shown.set(quote.symbol, quote);
    const row = this.body.rows[i];
    const [name, price, change] = row.cells;
    if (!before) {
      name.textContent = quote.symbol;
      name.title = quote.name;
      row.dataset.symbol = quote.symbol;
    }
    row.className = !before || before.price === quote.price ? row.className : before.price < quote.price ? 'up' : 'down';
    price.textContent = quote.price.toFixed(2);
    change.textContent = format.signedPercent(100 * (quote.price / quote.open - 1));
  }

  /** @param most the largest figures of all panes */
  drawFigures(most) {
    const { figures } = this;
    const set = (name, text, value) => {
      const cell = this.element.querySelector(`[data-figure="${name}"]`);
      if (cell.textContent !== text) {
        cell.textContent = text;
      }
      cell.dataset.value = value;
    };
    set('messageRate', format.integer(Math.round(figures.messageRate)), figures.messageRate);
    set('byteRate', format.bytesPerSecond(figures.byteRate), figures.byteRate);
    set('size', figures.messageRate > 0 ? format.integer(Math.round(figures.byteRate / figures.messageRate)) : '–', '');
    for (const name of ['delayMean', 'delayMost']) {
      set(name, figures[name] === undefined ? '–' : format.millis(figures[name]), figures[name] ?? '');
    }
    for (const name of ['messages', 'patches', 'conflated', 'dropped']) {
      set(name, format.integer(figures[name]), figures[name]);
    }
    for (const bar of this.element.querySelectorAll('[data-share]')) {
      const name = bar.dataset.share;
      bar.style.setProperty('--share', most[name] >= 1 ? figures[name] / most[name] : 0);
    }
  }
}
