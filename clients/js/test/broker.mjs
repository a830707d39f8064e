import { WebSocketServer } from 'ws';

const DEADLINE = 30_000;

/** Settles with the promise, or fails at the deadline. */
export function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${DEADLINE} ms`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Things that come, in order, for those that wait for them. */
export class Arrivals {
  #come = [];
  #waiting = [];

  add(thing) {
    const first = this.#waiting.shift();
    if (first) first(thing);
    else this.#come.push(thing);
  }

  next(what) {
    if (this.#come.length > 0) return Promise.resolve(this.#come.shift());
    return within(new Promise((resolve) => this.#waiting.push(resolve)), what);
  }

  /** What has come and was not asked for. */
  rest() {
    return this.#come.splice(0);
  }
}

/** A STOMP server without a mind of its own: a test says what it answers. */
export class ScriptedBroker {
  #server;
  #connections = new Arrivals();

  /** Further headers of CONNECTED. */
  connected = {};

  static start() {
    const broker = new ScriptedBroker();
    broker.#server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'v12.stomp' });
    broker.#server.on('connection', (socket) => broker.#connections.add(new Connection(socket)));
    return new Promise((resolve) => broker.#server.on('listening', () => resolve(broker)));
  }

  get url() {
    return `ws://127.0.0.1:${this.#server.address().port}/ws`;
  }

  /** The next connection, whose CONNECT has been answered. */
  async connection() {
    const connection = await this.#connections.next('a connection');
    await connection.next('CONNECT');
    connection.sends('CONNECTED', { version: '1.2', 'heart-beat': '0,0', ...this.connected });
    return connection;
  }

  close() {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }
}

class Connection {
  #socket;
  #frames = new Arrivals();

  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      for (const text of data.toString().split('\0')) if (text.trim()) this.#frames.add(parse(text.trimStart()));
    });
  }

  /** The next frame, which must have this command. */
  async next(command) {
    const frame = await this.#frames.next(command);
    if (frame.command !== command) throw new Error(`expected ${command} but got ${JSON.stringify(frame)}`);
    return frame;
  }

  /** Frames that came and that no test has asked for. */
  rest() {
    return this.#frames.rest();
  }

  sends(command, headers, body = '') {
    const lines = Object.entries(headers).map(([name, value]) => `${escape(name)}:${command === 'CONNECTED' ? value : escape(String(value))}`);
    this.#socket.send(`${command}\n${lines.join('\n')}\n\n${body}\0`);
  }

  /** The network breaks. */
  cut() {
    this.#socket.terminate();
  }
}

function escape(text) {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(':', '\\c');
}

function parse(text) {
  const end = text.indexOf('\n\n');
  const [command, ...lines] = text.slice(0, end).split('\n');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon)] ??= line.slice(colon + 1).replaceAll('\\c', ':').replaceAll('\\n', '\n').replaceAll('\\\\', '\\');
  }
  return { command, headers, body: text.slice(end + 2) };
}

/** One subscription as the broker sees it. */
export class Subscription {
  static #messages = 0;

  constructor(connection, subscribe) {
    this.connection = connection;
    this.headers = subscribe.headers;
  }

  static async next(connection) {
    return new Subscription(connection, await connection.next('SUBSCRIBE'));
  }

  confirms(headers = {}) {
    this.connection.sends('RECEIPT', { 'receipt-id': this.headers.receipt, ...headers });
    return this;
  }

  sends(headers, body = '') {
    this.connection.sends(
      'MESSAGE',
      { subscription: this.headers.id, 'message-id': ++Subscription.#messages, destination: this.headers.destination, ...headers },
      typeof body === 'string' ? body : JSON.stringify(body),
    );
    return this;
  }

  /** A last value of the snapshot. */
  keeps(key, body, seq, isLast = false) {
    const end = isLast ? { snapshot: 'end' } : {};
    return this.sends({ symbol: key, retained: 'true', seq, epoch: 'E', ...end }, body);
  }

  /** A message that was just sent. */
  publishes(key, body, seq, headers = {}) {
    return this.sends({ symbol: key, ...(seq === undefined ? {} : { seq, epoch: 'E' }), ...headers }, body);
  }
}
