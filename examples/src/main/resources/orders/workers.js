import * as format from './web/format.js';
import { element, make, show } from './web/page.js';

const list = element('workers');
const items = new Map(); // by name of the worker

/**
 * Shows the workers, those that were killed too.
 * @param processes what the operating system knows of them, by name
 * @param states what they say themselves, by name
 * @param control called with what a button asks for, and the name of the worker
 */
export function showWorkers(processes, states, control) {
  let running = 0;
  for (const [name, { pid, state }] of processes) {
    const isRunning = state === 'running';
    running += isRunning;
    // what a process before this one has said is past
    const said = states.get(name)?.pid === pid ? states.get(name) : undefined;
    const item = itemOf(name, control);
    item.line.dataset.state = isRunning ? said?.state ?? 'starting' : state;
    item.line.dataset.pid = pid;
    setText(item.pid, `pid ${pid}`);
    setText(item.doing, isRunning ? doing(said) : state);
    setText(item.sums, said ? `${format.integer(said.done)} done, ${format.integer(said.failed)} given back` : '');
    setText(item.button, isRunning ? 'kill -9' : 'Start');
    item.button.dataset.do = isRunning ? 'kill' : 'start';
    item.button.setAttribute('aria-label', isRunning ? `Kill ${name}` : `Start ${name}`);
  }
  show('running', running, format.integer);
}

function doing(said) {
  if (!said) {
    return 'starting';
  }
  return said.state === 'working' ? said.order : 'waits for an order';
}

function itemOf(name, control) {
  const known = items.get(name);
  if (known) {
    return known;
  }
  const line = make('li', '');
  line.dataset.worker = name;
  const item = {
    line,
    pid: make('span', 'muted'),
    doing: make('span', 'doing'),
    sums: make('span', 'muted sums-of'),
    button: make('button', ''),
  };
  item.button.type = 'button';
  item.button.addEventListener('click', () => control(item.button.dataset.do, { worker: name }));
  const head = make('div', 'head');
  head.append(make('strong', '', name), item.pid, item.button);
  line.append(head, item.doing, item.sums);
  list.append(line);
  items.set(name, item);
  return item;
}

function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}
