import uPlot from './vendor/uplot/uPlot.esm.js';
import { time } from './format.js';

const MINUTES_2 = 120;
const COLOURS = 8;
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Lines that move: the last seconds of some series, with a legend that shows the newest or the pointed-at value. */
export class LiveChart {
  /**
   * @param id of the element to draw in; the legend is `${id}-legend`
   * @param options `value` and `tick` turn a number into text, `top` gives the y axis' end from the largest value seen,
   *     `increments` (optional) are the steps between ticks, `intervalSeconds` the time between samples,
   *     `windowSeconds` how much is shown, 120 by default
   */
  constructor(id, options) {
    this.id = id;
    this.options = { windowSeconds: MINUTES_2, ...options };
    this.element = document.getElementById(id);
    this.legend = document.getElementById(`${id}-legend`);
    this.samples = [];
    this.names = [];
    this.hidden = new Set();
    this.isDrawn = true;
    dark.addEventListener('change', () => this.#build());
    new ResizeObserver(() => this.plot?.setSize(this.#size())).observe(this.element);
  }

  /** Adds a sample: seconds since 1970, and pairs of name and value in the legend's order. A sample that is there stays. */
  add(seconds, pairs) {
    let last = this.samples.at(-1);
    if (last && seconds < last.seconds - this.options.windowSeconds) {
      // the clock was set back
      this.samples = [];
      last = undefined;
    } else if (last && seconds <= last.seconds) {
      // a history that came again
      return;
    }
    if (last && seconds - last.seconds > 3 * this.options.intervalSeconds) {
      // nothing came for a while: the line has a gap there
      this.samples.push({ seconds: last.seconds + this.options.intervalSeconds, values: new Map() });
    }
    this.samples.push({ seconds, values: new Map(pairs) });
    const first = this.samples.findIndex(sample => sample.seconds >= seconds - this.options.windowSeconds - 5);
    this.samples.splice(0, first);
    this.newest = pairs.map(([name]) => name);
    this.#drawSoon();
  }

  /** Draws once for all samples that come before the browser paints: a history has many. */
  #drawSoon() {
    if (this.isDrawn) {
      this.isDrawn = false;
      requestAnimationFrame(() => {
        this.isDrawn = true;
        this.#draw();
      });
    }
  }

  #draw() {
    if (this.newest.join('\n') !== this.names.join('\n')) {
      this.names = this.newest;
      this.#build();
    } else {
      this.plot.setData(this.#columns());
      this.#showValues();
    }
  }

  #build() {
    if (this.names.length === 0) {
      return;
    }
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = name => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      font: '12px system-ui, sans-serif',
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    };
    this.plot = new uPlot(
      {
        ...this.#size(),
        padding: [8, 22, 0, 0],
        legend: { show: false },
        cursor: { y: false, sync: { key: 'host' }, drag: { x: false, y: false }, points: { size: 7 } },
        scales: {
          x: { time: true, range: (plot, from, to) => [to - this.options.windowSeconds, to] },
          y: { range: (plot, from, to) => [0, this.options.top(to ?? 0)] },
        },
        axes: [
          { ...axis, size: 30, space: 90, values: (plot, splits) => splits.map(time) },
          {
            ...axis,
            size: 72,
            space: 22,
            values: (plot, splits) => splits.map(this.options.tick),
            ...(this.options.increments && { incrs: this.options.increments }),
          },
        ],
        series: [
          {},
          ...this.names.map((name, i) => ({
            label: name,
            show: !this.hidden.has(name),
            stroke: colour(`--series-${i % COLOURS}`),
            width: 2,
            dash: dashOf(i),
            fill: i === 0 && this.options.filled ? `${colour('--series-0')}2e` : undefined,
            points: { show: false },
          })),
        ],
        hooks: { setCursor: [() => this.#showValues()] },
      },
      this.#columns(),
      this.element,
    );
    this.#buildLegend();
  }

  #size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  #columns() {
    const seconds = this.samples.map(sample => sample.seconds);
    return [seconds, ...this.names.map(name => this.samples.map(sample => sample.values.get(name) ?? null))];
  }

  #buildLegend() {
    const entries = this.names.map((name, i) => {
      const swatch = document.createElement('span');
      swatch.className = dashOf(i) ? 'swatch dashed' : 'swatch';
      swatch.style.setProperty('--colour', `var(--series-${i % COLOURS})`);
      const label = document.createElement('span');
      label.textContent = name;
      const value = document.createElement('span');
      value.className = 'value';
      value.dataset.series = `${this.id}.${name}`;
      const button = document.createElement('button');
      button.type = 'button';
      button.title = 'Show or hide this line';
      button.setAttribute('aria-pressed', String(!this.hidden.has(name)));
      button.append(swatch, label, value);
      button.addEventListener('click', () => this.#toggle(name, button));
      const entry = document.createElement('li');
      entry.append(button);
      return entry;
    });
    this.legend.replaceChildren(...entries);
    this.#showValues();
  }

  #toggle(name, button) {
    const show = this.hidden.delete(name);
    if (!show) {
      this.hidden.add(name);
    }
    button.setAttribute('aria-pressed', String(show));
    this.plot.setSeries(this.names.indexOf(name) + 1, { show });
  }

  #showValues() {
    const pointed = this.plot?.cursor.idx;
    const sample = this.samples[pointed ?? this.samples.length - 1];
    const values = this.legend.querySelectorAll('.value');
    values.forEach((element, i) => {
      const value = sample?.values.get(this.names[i]);
      element.textContent = value === undefined ? '–' : this.options.value(value);
      element.dataset.value = value ?? '';
    });
  }
}

/** A second round through the colours is dashed. */
function dashOf(i) {
  return i >= COLOURS ? [5, 4] : undefined;
}
