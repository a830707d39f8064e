import { live } from './web/vendor/fanfare/live.js';
import * as format from './web/format.js';
import { connection, counted, element, note, show } from './page.js';
import { showWatching } from './watching.js';

// The table of processes: a row for each key of the topic.

const CELLS = [
  ['name', row => row.name],
  ['pid', row => String(row.pid), 'number pid'],
  ['state', row => row.state || '–', 'wide'],
  ['threads', row => (row.threads > 0 ? format.integer(row.threads) : '–'), 'number wide'],
  ['memory', row => (row.memory > 0 ? format.bytes(row.memory) : '–'), 'number'],
  ['cpuSeconds', row => format.duration(row.cpuSeconds), 'number wide'],
  ['cpu', row => format.percent(row.cpu), 'number'],
];

const body = element('rows');
const filter = element('filter');
const elements = new Map(); // rows of the table by key
const changed = new Set(); // keys that are to be drawn
const figures = { snapshot: 0, changes: 0, removals: 0, patches: 0, whole: 0, bytes: 0 };
let order = { column: 'cpu', isDescending: true };
let isDrawn = true;

const processes = connection.follow(
  live(connection.client, '/topic/processes', {
    key: 'pid',
    delta: true,
    onChange: ({ type, key, snapshot }) => {
      changed.add(key);
      if (!snapshot) {
        figures[type === 'set' ? 'changes' : 'removals']++;
      }
      drawSoon();
    },
    onMessage: (message, value) => {
      counted(message);
      measure(message, value);
    },
    onState: () => {
      connection.onState();
      drawSoon();
    },
    onGap: connection.onGap,
    onPresence: showWatching,
  }),
);
connection.open();

/** What patches save: the bytes that came, and those of the values that they make. */
function measure({ headers, body: text }, value) {
  if (headers.retained === 'true') {
    figures.snapshot++;
  }
  if (value === undefined) {
    return;
  }
  figures.bytes += text.length;
  figures.whole += JSON.stringify(value).length;
  if (headers.delta) {
    figures.patches++;
    note('patch', `pid ${headers.pid}\n${JSON.stringify(JSON.parse(text), undefined, 2)}`);
  }
}

function drawSoon() {
  if (isDrawn) {
    isDrawn = false;
    requestAnimationFrame(draw);
  }
}

function draw() {
  isDrawn = true;
  const most = Math.max(100, ...[...processes.state.values()].map(row => row.cpu));
  for (const key of changed) {
    drawRow(key, processes.state.get(key), most);
  }
  changed.clear();
  arrange();
  show('rows-now', processes.state.size, format.integer);
  for (const [name, value] of Object.entries(figures)) {
    const isSize = name === 'whole' || name === 'bytes';
    show(name, value, isSize ? format.bytes : format.integer);
  }
  if (figures.whole > 0) {
    note('bytes', `${format.bytes(figures.bytes)} (${Math.round((100 * figures.bytes) / figures.whole)} %)`);
  }
}

function drawRow(key, row, most) {
  if (!row) {
    elements.get(key)?.remove();
    elements.delete(key);
    return;
  }
  let line = elements.get(key);
  if (!line) {
    line = newLine(key);
    elements.set(key, line);
  }
  CELLS.forEach(([column, text], i) => {
    const cell = line.cells[i];
    const now = text(row);
    if (cell.textContent !== now) {
      // not when the row is new
      cell.classList.toggle('fresh', cell.textContent !== '');
      cell.textContent = now;
    } else {
      cell.classList.remove('fresh');
    }
    cell.dataset.value = row[column];
  });
  const bar = line.lastElementChild.firstElementChild;
  bar.hidden = row.cpu === 0;
  bar.style.setProperty('--share', row.cpu / most);
}

function newLine(key) {
  const line = document.createElement('tr');
  line.dataset.key = key;
  CELLS.forEach(([column, , className], i) => {
    const cell = document.createElement(i === 0 ? 'th' : 'td');
    cell.className = className ?? '';
    if (i === 0) {
      cell.scope = 'row';
    }
    line.append(cell);
  });
  const bar = document.createElement('td');
  bar.className = 'bar';
  bar.setAttribute('aria-hidden', 'true');
  bar.append(document.createElement('div'));
  line.append(bar);
  return line;
}

/** Puts the rows that the filter lets through in order; rows that are in their place are not touched. */
function arrange() {
  const wanted = filter.value.trim().toLowerCase();
  const keys = [...processes.state]
    .filter(([key, row]) => key === wanted || row.name.toLowerCase().includes(wanted))
    .sort(([, one], [, other]) => compare(one, other))
    .map(([key]) => key);
  keys.forEach((key, i) => {
    const line = elements.get(key);
    if (body.rows[i] !== line) {
      body.insertBefore(line, body.rows[i] ?? null);
    }
  });
  while (body.rows.length > keys.length) {
    body.lastElementChild.remove();
  }
  note('filter-note', wanted ? `${keys.length} of ${processes.state.size}` : '');
}

function compare(one, other) {
  const [a, b] = [one[order.column], other[order.column]];
  const inOrder = typeof a === 'string' ? a.localeCompare(b) : a - b;
  return (order.isDescending ? -inOrder : inOrder) || one.pid - other.pid;
}

for (const button of element('table').querySelectorAll('[data-column]')) {
  button.addEventListener('click', () => {
    const { column } = button.dataset;
    const isText = column === 'name' || column === 'state';
    order = { column, isDescending: order.column === column ? !order.isDescending : !isText };
    element('table').querySelector('[aria-sort]').removeAttribute('aria-sort');
    button.parentElement.setAttribute('aria-sort', order.isDescending ? 'descending' : 'ascending');
    arrange();
  });
}
filter.addEventListener('input', arrange);
