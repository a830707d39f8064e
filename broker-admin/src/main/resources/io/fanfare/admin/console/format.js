// Numbers and times for people. Each function gives text, with its unit.

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];
const COUNTS = ['', 'k', 'M', 'G'];
const grouped = new Intl.NumberFormat('en-US');
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

export const NONE = '–';

export const integer = value => grouped.format(value);
export const bytes = value => scaled(value, 1024, BINARY);
export const bytesPerSecond = value => scaled(value, 1000, DECIMAL);
export const perSecond = value => `${count(value)} / s`;
export const percent = value => `${value.toFixed(value < 10 ? 1 : 0)} %`;

/** A number of seconds as a short time, such as 250 µs or 1.5 s. */
export function seconds(value) {
  if (value === 0) {
    return '0 ms';
  }
  if (value < 0.001) {
    return `${Math.round(value * 1e6)} µs`;
  }
  return value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
}

/** A number of milliseconds as a long time, such as 3 min 20 s. */
export function duration(millis) {
  const total = Math.floor(millis / 1000);
  const parts = [
    [Math.floor(total / 86400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return first < 0 ? '0 s' : parts.slice(first, first + 2).map(([value, unit]) => `${value} ${unit}`).join(' ');
}

/** A date: the time alone if it is today's. */
export function time(date) {
  return date.toDateString() === new Date().toDateString() ? clock.format(date) : dayAndClock.format(date);
}

export const clockTime = secondsOfEpoch => clock.format(secondsOfEpoch * 1000);

/** For axes: no more digits than the steps between ticks need. */
export const integerTick = value => tick(value, 1000, COUNTS);
export const bytesTick = value => tick(value, 1024, BINARY);
export const bytesPerSecondTick = value => tick(value, 1000, DECIMAL);
export const secondsTick = value => (value === 0 ? '0' : seconds(Number(value.toPrecision(3))));
export const percentTick = value => `${value} %`;

/** A rate or a level: exact while it is small. */
export function count(value) {
  if (value < 10 && !Number.isInteger(value)) {
    return value.toFixed(1);
  }
  if (value < 100_000) {
    return integer(Math.round(value));
  }
  const [number, unit] = inUnit(value, 1000, COUNTS);
  return `${number.toFixed(number < 100 ? 1 : 0)} ${unit}`;
}

/** One or many of a thing. */
export const plural = (value, one, many = `${one}s`) => `${integer(value)} ${value === 1 ? one : many}`;

function short(value) {
  return value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value));
}

function scaled(value, base, units) {
  const [number, unit] = inUnit(value, base, units);
  return `${number.toFixed(unit === units[0] || number >= 100 ? 0 : 1)} ${unit}`;
}

function tick(value, base, units) {
  const [number, unit] = inUnit(value, base, units);
  return value === 0 ? '0' : `${Number(number.toFixed(2))} ${unit}`.trim();
}

function inUnit(value, base, units) {
  let number = value;
  let i = 0;
  while (number >= base && i < units.length - 1) {
    number /= base;
    i++;
  }
  return [number, units[i]];
}
