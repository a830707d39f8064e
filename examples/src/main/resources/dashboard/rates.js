import { live } from './web/vendor/fanfare/live.js';
import { LiveChart } from './web/charts.js';
import * as format from './web/format.js';
import { config, connection, counted, element, show, terms } from './page.js';

// One topic twice: with all its messages, and with the newest so many times a second.

const TOPIC = '/topic/host.pulse';
const WINDOW_SECONDS = 30;
const RATE_SECONDS = 5;

/** A chart with the figures of the subscription that fills it. */
class Panel {
  arrivals = [];
  conflated = 0;

  constructor(id, intervalSeconds) {
    this.id = id;
    this.chart = new LiveChart(id, {
      value: format.percent,
      tick: format.percentTick,
      top: () => 100,
      windowSeconds: WINDOW_SECONDS,
      intervalSeconds,
      filled: true,
    });
    setInterval(() => this.showRates(), 1000);
  }

  follow(headers) {
    this.live = connection.follow(
      live(connection.client, TOPIC, {
        headers,
        from: 'first',
        onMessage: (message, value) => this.got(message, value),
        onState: connection.onState,
        onGap: connection.onGap,
      }),
    );
  }

  got(message, value) {
    counted(message);
    this.chart.add(value.time / 1000, [['CPU', value.total]]);
    this.conflated += Number(message.headers.conflated ?? 0);
    show(`${this.id}-conflated`, this.conflated, format.integer);
    if (this.live?.current) {
      this.arrivals.push({ at: performance.now(), bytes: message.body.length });
    }
  }

  showRates() {
    const since = performance.now() - RATE_SECONDS * 1000;
    this.arrivals = this.arrivals.filter(({ at }) => at >= since);
    show(`${this.id}-rate`, this.arrivals.length / RATE_SECONDS, rate => rate.toFixed(1));
    const bytes = this.arrivals.reduce((sum, arrival) => sum + arrival.bytes, 0);
    show(`${this.id}-bytes`, bytes / RATE_SECONDS, format.bytesPerSecond);
  }
}

// a busy machine publishes some of them late
const every = new Panel('every', (3 * config.pulseMillis) / 1000);
every.follow({});

const some = new Panel('some', 1);

function followSome() {
  const most = element('most').value;
  if (some.live) {
    connection.leave(some.live);
  }
  some.arrivals = [];
  some.chart.options.intervalSeconds = 1 / most;
  terms(element('some-topic'), `${TOPIC}, max-rate:${most}`);
  some.follow({ 'max-rate': most });
}

element('most').addEventListener('change', followSome);
followSome();
connection.open();
