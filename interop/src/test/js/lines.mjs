// Orders from standard input, events to standard output, each a line of JSON.
import { createInterface } from 'node:readline';

export function emit(event) {
  process.stdout.write(JSON.stringify(event) + '\n');
}

export function onOrder(take) {
  createInterface({ input: process.stdin })
    .on('line', line => take(JSON.parse(line)))
    .on('close', () => process.exit());
}
