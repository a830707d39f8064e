// Numbers for people. Each function takes a number and gives text with its unit.

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL = ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s'];
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const grouped = new Intl.NumberFormat('en-US');

export const percent = value => `${value.toFixed(value < 10 ? 1 : 0)} %`;
/** A change in per cent, with its sign; what rounds to nothing has none. */
export const signedPercent = value => {
  const amount = Math.abs(value).toFixed(2);
  return `${Number(amount) === 0 ? '' : value < 0 ? '−' : '+'}${amount} %`;
};
export const bytes = value => scaled(value, 1024, BINARY);
export const bytesPerSecond = value => scaled(value, 1000, DECIMAL);
export const time = seconds => clock.format(seconds * 1000);
export const integer = value => grouped.format(value);
/** Milliseconds as `12 ms` or `1.25 s`. */
export const millis = value => (value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`);
/** Seconds as `12.34 s`, `3:05` or `2:03:05`. */
export const duration = seconds => (seconds < 60 ? `${seconds.toFixed(2)} s` : clockOf(Math.floor(seconds)));

/** For axes: no more digits than the steps between ticks need. */
export const percentTick = value => `${value} %`;
export const bytesTick = value => tick(value, 1024, BINARY);
export const bytesPerSecondTick = value => tick(value, 1000, DECIMAL);

function clockOf(seconds) {
  const two = number => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function scaled(value, base, units) {
  const [number, unit] = inUnit(value, base, units);
  return `${number.toFixed(unit === units[0] || number >= 100 ? 0 : 1)} ${unit}`;
}

function tick(value, base, units) {
  const [number, unit] = inUnit(value, base, units);
  return value === 0 ? '0' : `${Number(number.toFixed(2))} ${unit}`;
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
