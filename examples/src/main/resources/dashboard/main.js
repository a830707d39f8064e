import { LiveChart } from './web/charts.js';
import { showCode } from './web/code.js';
import { feed } from './feed.js';
import * as format from './web/format.js';
import { config, connection, counted, element, note, show } from './page.js';
import { showProcesses } from './processes.js';

const MAX_CORES = 16;
const MAX_INTERFACES = 4;

const intervalSeconds = config.intervalMillis / 1000;

note('source', `Measured by ${config.source}, every ${intervalSeconds} s; each measurement makes four `
  + `messages: JSON over STOMP over WebSocket, from ${config.webSocketUrl}.`);
fetch('feed.js').then(answer => answer.text()).then(source => showCode(element('code'), source));

const percentages = { value: format.percent, tick: format.percentTick, intervalSeconds };
const cpu = new LiveChart('cpu', { ...percentages, top: () => 100, filled: true });
const cores = new LiveChart('cores', { ...percentages, top: () => 100 });
let memoryTotal = 0;
const memory = new LiveChart('memory', {
  value: format.bytes,
  tick: format.bytesTick,
  top: () => memoryTotal,
  // powers of two, so that the ticks are round numbers of MiB and GiB
  increments: Array.from({ length: 30 }, (none, i) => 2 ** (20 + i)),
  filled: true,
  intervalSeconds,
});
const network = new LiveChart('network', {
  value: format.bytesPerSecond,
  tick: format.bytesPerSecondTick,
  top: most => Math.max(1000, most * 1.15),
  intervalSeconds,
});

function showCpu(message) {
  const seconds = message.time / 1000;
  show('cpu-now', message.total, format.percent);
  note('cpu-note', message.load.length > 0 ? `load ${message.load.map(load => load.toFixed(2)).join('  ')}` : '');
  cpu.add(seconds, [
    ['total', message.total],
    ['user', message.user],
    ['system', message.system],
    ['waiting for I/O', message.waiting],
  ]);
  if (message.cores.length > 0) {
    const shown = message.cores.slice(0, MAX_CORES);
    show('cores-now', Math.max(...message.cores), format.percent);
    note('cores-note', shown.length < message.cores.length ? `busiest; ${MAX_CORES} of ${message.cores.length} drawn` : 'busiest');
    cores.add(seconds, shown.map((load, i) => [`core ${i}`, load]));
  } else {
    note('cores-note', 'not measured on this system');
  }
}

function showMemory(message) {
  memoryTotal = message.total;
  show('memory-now', message.used, format.bytes);
  note('memory-note', `of ${format.bytes(message.total)}`);
  const swap = message.swapTotal > 0 ? [['swap used', message.swapUsed]] : [];
  memory.add(message.time / 1000, [['used', message.used], ['cache', message.cached], ...swap]);
}

function showNetwork(message) {
  if (message.interfaces.length === 0) {
    note('network-note', 'not measured on this system');
    return;
  }
  const sum = message.interfaces.reduce((all, one) => all + one.receivedPerSecond + one.sentPerSecond, 0);
  show('network-now', sum, format.bytesPerSecond);
  note('network-note', 'both ways');
  // what goes through the loopback interface is sent and received at once: one line, behind the others
  const loopback = message.interfaces.filter(one => one.name === 'lo');
  const real = message.interfaces.filter(one => one.name !== 'lo').slice(0, MAX_INTERFACES);
  network.add(message.time / 1000, [
    ...real.flatMap(one => [
      [`${one.name} received`, one.receivedPerSecond],
      [`${one.name} sent`, one.sentPerSecond],
    ]),
    ...loopback.map(one => ['lo', one.sentPerSecond]),
  ]);
}

function showProcessList(message) {
  show('processes-now', message.count, format.integer);
  showProcesses(message.busiest);
}

/** Counts a topic's messages on their way to the function that shows them; `id` is the number they are for. */
function of(id, showMessage) {
  return (value, message) => {
    counted(message);
    showMessage(value);
    element(id).dataset.time = value.time;
  };
}

feed(connection, {
  '/topic/host.cpu': of('cpu-now', showCpu),
  '/topic/host.memory': of('memory-now', showMemory),
  '/topic/host.network': of('network-now', showNetwork),
  '/topic/host.processes': of('processes-now', showProcessList),
});
connection.open();
