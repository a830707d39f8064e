import { get, query } from './api.js';
import { Alert, h, newId, setText } from './dom.js';
import { integer, plural } from './format.js';

const PAGE = 200;
/** The API gives no items beyond an offset of 19,000. */
const REACH = 19_000;
const BEYOND = 12;
const REFRESH_MILLIS = 3000;
const TYPING_MILLIS = 250;

/**
 * A table of the API's list, however long: the rows that can be seen are there, and their pages are asked for as they come
 * into view, and again every few seconds.
 *
 * options:
 *   path: of the list, behind /api/v1; parameters: further ones of its query
 *   title, thing: what it shows, and one of it, for texts
 *   columns: a list of { key, label, text(item), href(item), badge(item), number, rank, sortable, width, narrowWidth }
 *       rank 2 and 3 are not shown where there is little room
 *   sort: a field, with - in front downwards
 *   empty: an element for a list without items
 *   filter: false where there is nothing to filter by
 */
export class List {
  constructor(options) {
    this.options = options;
    this.ends = endsOf(options.columns);
    this.sort = options.sort;
    this.filter = '';
    this.total = 0;
    this.pages = new Map();
    this.rows = [];
    this.round = 0;
    this.alert = new Alert();
    this.count = h('p.count', { role: 'status' });
    this.body = h('tbody', {});
    this.table = h('table.virtual', {}, h('caption.unseen', {}, options.title), this.#head(), this.body);
    this.pad = h('div', {}, this.table);
    this.viewport = h(
      'div.viewport',
      { tabindex: '0', role: 'region', 'aria-label': options.title, onscroll: () => this.#render() },
      this.pad,
    );
    this.nothing = h('div', { hidden: true }, options.empty);
    this.noMatch = h('div.empty', { hidden: true }, h('p.empty-title', {}, 'Nothing matches the filter.'));
    this.element = h('div.list', {}, this.#tools(), this.alert.element, this.viewport, this.nothing, this.noMatch);
    this.resize = new ResizeObserver(() => this.#render());
  }

  start() {
    this.resize.observe(this.viewport);
    return this.refresh();
  }

  stop() {
    this.resize.disconnect();
    clearTimeout(this.timer);
    this.round++;
  }

  #tools() {
    const tools = h('div.tools', {}, this.count);
    if (this.options.filter !== false) {
      const input = h('input', {
        type: 'search',
        id: newId('filter'),
        placeholder: this.options.placeholder ?? 'a part of any text',
        autocomplete: 'off',
        spellcheck: 'false',
        oninput: () => {
          clearTimeout(this.typing);
          this.typing = setTimeout(() => this.#ask(input.value.trim(), this.sort), TYPING_MILLIS);
        },
      });
      tools.prepend(h('label', { for: input.id }, 'Filter'), input);
    }
    return tools;
  }

  #head() {
    this.headers = new Map();
    const cells = this.options.columns.map(column => {
      const cell = h('th', { scope: 'col', class: this.#classOf(column) });
      const width = column.width ?? (column.number ? '96px' : 'auto');
      cell.style.setProperty('--width', width);
      cell.style.setProperty('--narrow-width', column.narrowWidth ?? (column.number ? '92px' : 'auto'));
      if (column.sortable === false) {
        cell.append(column.label);
      } else {
        cell.append(h('button', { type: 'button', onclick: () => this.#sortBy(column) }, column.label));
        this.headers.set(column.key, cell);
      }
      return cell;
    });
    this.#showSort();
    return h('thead', {}, h('tr', { 'aria-rowindex': '1' }, cells));
  }

  /** First the way that is wanted most: large numbers, and texts from A on. */
  #sortBy({ key, number }) {
    const down = `-${key}`;
    const first = number ? down : key;
    const second = number ? key : down;
    this.#ask(this.filter, this.sort === first ? second : first);
  }

  #showSort() {
    const field = this.sort.replace('-', '');
    for (const [key, cell] of this.headers) {
      const order = this.sort.startsWith('-') ? 'descending' : 'ascending';
      cell.setAttribute('aria-sort', key === field ? order : 'none');
    }
  }

  #ask(filter, sort) {
    this.filter = filter;
    this.sort = sort;
    this.pages.clear();
    this.viewport.scrollTop = 0;
    this.#showSort();
    this.refresh();
  }

  /** Asks for the pages in view again, and forgets the others. */
  async refresh() {
    clearTimeout(this.timer);
    this.round++;
    const { round } = this;
    const { first, last } = this.#inView();
    const wanted = pagesOf(first, last);
    try {
      const pages = await Promise.all(wanted.map(page => this.#load(page)));
      if (round !== this.round) {
        return;
      }
      this.pages = new Map(wanted.map((page, i) => [page, pages[i]]));
      this.alert.clear();
      this.#render();
    } catch (error) {
      if (round !== this.round) {
        return;
      }
      this.alert.show(error);
    }
    this.timer = setTimeout(() => this.refresh(), REFRESH_MILLIS);
  }

  async #load(page) {
    const offset = Math.min(page * PAGE, REACH - PAGE);
    const { path, parameters } = this.options;
    const answer = await get(path + query({ limit: PAGE, offset, sort: this.sort, filter: this.filter, ...parameters }));
    this.total = answer.total;
    return answer.items;
  }

  /** Pages that have come into view and were never asked for. */
  #loadMissing(first, last) {
    const { round } = this;
    for (const page of pagesOf(first, last).filter(each => !this.pages.has(each))) {
      this.pages.set(page, []);
      this.#load(page)
        .then(items => {
          if (round === this.round) {
            this.pages.set(page, items);
            this.#render();
          }
        })
        .catch(error => this.alert.show(error));
    }
  }

  #rowHeight() {
    return parseFloat(getComputedStyle(this.viewport).getPropertyValue('--row'));
  }

  #inView() {
    const height = this.#rowHeight();
    const shown = Math.min(this.total, REACH);
    const top = Math.floor(this.viewport.scrollTop / height);
    const visible = Math.ceil((this.viewport.clientHeight || 600) / height);
    const first = Math.max(0, Math.min(top, shown - visible) - BEYOND);
    return { first, last: Math.min(shown, top + visible + BEYOND) || visible, shown };
  }

  #render() {
    const { first, last, shown } = this.#inView();
    const isEmpty = this.pages.size > 0 && this.total === 0;
    this.viewport.hidden = isEmpty;
    this.nothing.hidden = !(isEmpty && this.filter === '');
    this.noMatch.hidden = !(isEmpty && this.filter !== '');
    if (this.pages.size > 0) {
      setText(this.count, this.#countText());
    }
    const until = Math.min(last, shown);
    const height = this.#rowHeight();
    this.pad.style.paddingTop = `${first * height}px`;
    this.pad.style.paddingBottom = `${Math.max(0, shown - until) * height}px`;
    this.table.setAttribute('aria-rowcount', String(shown + 1));
    this.#setRowCount(Math.max(0, until - first));
    this.rows.forEach((row, i) => this.#fill(row, first + i));
    if (this.pages.size > 0 && until > first) {
      this.#loadMissing(first, until);
    }
  }

  #countText() {
    const { thing, things } = this.options;
    const text = plural(this.total, thing, things);
    return this.total > REACH ? `${text}; the first ${integer(REACH)} are listed: filter or sort for others` : text;
  }

  #setRowCount(wanted) {
    while (this.rows.length < wanted) {
      const row = this.#newRow();
      this.rows.push(row);
      this.body.append(row.element);
    }
    while (this.rows.length > wanted) {
      const { element } = this.rows.pop();
      if (element.contains(document.activeElement)) {
        this.viewport.focus({ preventScroll: true });
      }
      element.remove();
    }
  }

  #classOf(column) {
    const { number, rank } = column;
    return [number && 'number', rank && `rank-${rank}`, ...this.ends(column)].filter(Boolean).join(' ') || null;
  }

  #newRow() {
    const parts = this.options.columns.map(column => {
      const part = column.href ? h('a', {}) : h('span', {});
      return { column, part };
    });
    const cells = parts.map(({ column, part }, i) =>
      i === 0
        ? h('th', { scope: 'row', class: this.#classOf(column) }, part)
        : h('td', { class: this.#classOf(column) }, part));
    return { parts, element: h('tr', {}, cells) };
  }

  #fill({ parts, element }, index) {
    const item = this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
    element.setAttribute('aria-rowindex', String(index + 2));
    for (const { column, part } of parts) {
      const text = item ? String(column.text(item)) : '…';
      setText(part, text);
      part.title = text;
      const badge = (item && column.badge?.(item)) ?? '';
      part.className = badge ? `badge ${badge}` : '';
      if (column.href) {
        const href = item && column.href(item);
        if (href) {
          part.setAttribute('href', href);
        } else {
          part.removeAttribute('href');
        }
      }
    }
  }
}

function pagesOf(first, last) {
  const pages = [];
  for (let page = Math.floor(first / PAGE); page * PAGE < Math.max(last, 1); page++) {
    pages.push(page);
  }
  return pages;
}

/** Classes of the columns that are the last ones where those of rank 2, or of rank 3 alone, are not shown. */
function endsOf(columns) {
  const lastUpTo = rank => columns.filter(each => (each.rank ?? 1) <= rank).at(-1);
  const ends = new Map([['end-1', lastUpTo(1)], ['end-2', lastUpTo(2)]]);
  return column => [...ends].filter(([, last]) => last === column).map(([name]) => name);
}
