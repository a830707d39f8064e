import { bytes, percent } from './web/format.js';

const body = document.getElementById('processes');

/** Shows the list in the table; the longest bar is the busiest process, or one whole core if that is more. */
export function showProcesses(processes) {
  const full = Math.max(100, ...processes.map(process => process.cpu));
  while (body.rows.length < processes.length) {
    body.append(newRow());
  }
  while (body.rows.length > processes.length) {
    body.lastElementChild.remove();
  }
  processes.forEach((process, i) => {
    const row = body.rows[i];
    const [name, pid, memory, cpu, bar] = row.cells;
    row.dataset.pid = process.pid;
    name.textContent = process.name;
    pid.textContent = process.pid;
    memory.textContent = process.memory > 0 ? bytes(process.memory) : '–';
    memory.dataset.value = process.memory;
    cpu.textContent = percent(process.cpu);
    cpu.dataset.value = process.cpu;
    bar.firstElementChild.style.setProperty('--share', process.cpu / full);
  });
}

function newRow() {
  const row = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  const cells = ['number pid', 'number', 'number', 'bar'].map(className => {
    const cell = document.createElement('td');
    cell.className = className;
    return cell;
  });
  cells[3].setAttribute('aria-hidden', 'true');
  cells[3].append(document.createElement('div'));
  row.append(name, ...cells);
  return row;
}
