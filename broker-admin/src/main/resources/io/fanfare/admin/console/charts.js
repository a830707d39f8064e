import { h, setText } from './dom.js';
import { clockTime, NONE } from './format.js';
import uPlot from './vendor/uplot/uPlot.esm.js';

const SHORTEST_SECONDS = 60;
const GAP_MILLIS = 5000;
const dark = matchMedia('(prefers-color-scheme: dark)');

/**
 * A card with lines that move, and a legend with the newest or the pointed-at values.
 *
 * options:
 *   title, note
 *   series: a list of { key, label, colour }, the first one is filled if `filled` is true
 *   value, tick: turn a number into text
 *   top: the y axis' end from the largest value seen
 *   now: the large number, as a function that gives [text, note]
 *   increments: the steps between ticks (optional)
 */
export class ChartCard {
  constructor(live, options) {
    this.live = live;
    this.options = options;
    this.window = SHORTEST_SECONDS;
    this.hidden = new Set();
    this.chart = h('div.chart', { role: 'img', 'aria-label': `${options.title} over time; the values stand below` });
    this.number = h('span', {}, NONE);
    this.numberNote = h('small', {});
    this.values = [];
    const legend = h('ul.legend', {}, options.series.map((series, i) => this.#legendEntry(series, i)));
    const heading = h('h2', { id: `chart-${options.series[0].key}` }, options.title);
    this.element = h(
      'section.card',
      { 'aria-labelledby': heading.id, data: { chart: options.series[0].key } },
      h(
        'header',
        {},
        h('div', {}, heading, h('p.note', {}, options.note)),
        h('p.now', {}, this.number, this.numberNote),
      ),
      this.chart,
      legend,
    );
    this.redraw = () => this.#build();
    this.resize = new ResizeObserver(() => this.plot?.setSize(this.#size()));
  }

  start() {
    dark.addEventListener('change', this.redraw);
    this.resize.observe(this.chart);
    this.#build();
  }

  stop() {
    dark.removeEventListener('change', this.redraw);
    this.resize.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  /** How many seconds are drawn, if there are as many. */
  show(seconds) {
    this.window = seconds;
    this.update();
  }

  update() {
    this.plot?.setData(this.#columns());
    this.#showValues();
    const [text, note] = this.options.now();
    setText(this.number, text);
    setText(this.numberNote, note);
  }

  #legendEntry({ label, colour }, i) {
    const value = h('span.value', {}, NONE);
    this.values.push(value);
    const swatch = h('span.swatch', {});
    swatch.style.setProperty('--colour', `var(--series-${colour})`);
    const button = h(
      'button',
      { type: 'button', title: 'Show or hide this line', 'aria-pressed': 'true', onclick: () => this.#toggle(i, button) },
      swatch,
      h('span', {}, label),
      value,
    );
    return h('li', {}, button);
  }

  #toggle(i, button) {
    const show = this.hidden.delete(i);
    if (!show) {
      this.hidden.add(i);
    }
    button.setAttribute('aria-pressed', String(show));
    this.plot.setSeries(i + 1, { show });
  }

  #size() {
    return { width: this.chart.clientWidth, height: this.chart.clientHeight };
  }

  /** The samples of the window; a pause of the broker is a gap in the lines. */
  #columns() {
    const { times } = this.live;
    const from = (times.at(-1) ?? 0) - this.window * 1000;
    let first = times.findIndex(time => time >= from);
    first = first < 0 ? times.length : first;
    const columns = [[], ...this.options.series.map(() => [])];
    for (let i = first; i < times.length; i++) {
      if (i > first && times[i] - times[i - 1] > GAP_MILLIS) {
        columns.forEach((column, c) => column.push(c === 0 ? times[i - 1] / 1000 + 1 : null));
      }
      columns[0].push(times[i] / 1000);
      this.options.series.forEach(({ key }, s) => columns[s + 1].push(this.live.series[key]?.[i] ?? null));
    }
    return columns;
  }

  #build() {
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    const { options } = this;
    this.plot = new uPlot(
      {
        ...this.#size(),
        padding: [8, 30, 0, 0],
        legend: { show: false },
        cursor: { y: false, sync: { key: 'broker' }, drag: { x: false, y: false }, points: { size: 7 } },
        scales: {
          x: { time: true, range: (plot, from, to) => this.#range(from, to ?? Date.now() / 1000) },
          y: { range: (plot, from, to) => [0, options.top(to ?? 0)] },
        },
        axes: [
          { ...axis, size: 30, space: 62, values: (plot, splits) => splits.map(clockTime) },
          {
            ...axis,
            size: 62,
            space: 26,
            values: (plot, splits) => splits.map(options.tick),
            ...(options.increments && { incrs: options.increments }),
          },
        ],
        series: [
          {},
          ...options.series.map((series, i) => ({
            label: series.label,
            show: !this.hidden.has(i),
            stroke: colour(`--series-${series.colour}`),
            width: 2,
            fill: i === 0 && options.filled ? `${colour(`--series-${series.colour}`)}2e` : undefined,
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [() => this.#showValues()] },
      },
      this.#columns(),
      this.chart,
    );
    this.update();
  }

  #range(from, to) {
    return [Math.min(from ?? to, to - SHORTEST_SECONDS), to];
  }

  #showValues() {
    const pointed = this.plot?.cursor.idx;
    this.options.series.forEach(({ key }, i) => {
      const value = pointed === null || pointed === undefined ? this.live.last(key) : this.plot.data[i + 1][pointed];
      setText(this.values[i], value === undefined || value === null ? NONE : this.options.value(value));
    });
  }
}
