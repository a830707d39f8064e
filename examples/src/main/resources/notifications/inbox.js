import { Client } from './web/vendor/stompjs/index.js';

const NOTIFICATIONS = '/user/queue/notifications';
const READ = '/user/queue/read'; // ids that other browsers of the user have read
const MAX_SEEN = 1000;

// A user's notifications in this browser. One durable subscription has
// one holder, so there is one inbox however many tabs show it.
export class Inbox {
  items = new Map(); // by id
  #seen = new Map(); // ids, each with whether it has waited

  constructor({ webSocketUrl, user, browser }, { onConnected, onChange }) {
    this.user = user;
    this.onConnected = onConnected;
    this.onChange = onChange;
    this.client = new Client({
      brokerURL: webSocketUrl,
      // user, client-id and the subscription's id are its name
      connectHeaders: { 'client-id': browser, 'soft-errors': 'true' },
      heartbeatIncoming: 2000,
      discardWebsocketOnCommFailure: true,
      reconnectDelay: 500,
      onConnect: frame => this.#subscribe(frame),
      onUnhandledMessage: ({ headers }) => console.info(headers.message),
    });
  }

  #subscribe({ headers: { session } }) {
    const connectedAt = Date.now();
    // what is unread comes again
    this.items.forEach(item => item.message && this.items.delete(item.id));
    this.client.watchForReceipt('inbox', () => this.onConnected(session));
    this.client.subscribe(`${NOTIFICATIONS},${READ}`, message => this.#received(message, connectedAt), {
      id: 'inbox',
      durable: 'true', // collects while no tab is open
      ack: 'client-individual', // unread until there is an ACK
      'prefetch-count': '0', // as many unread ones as there are
      'no-local': 'true', // not what this browser has read
      receipt: 'inbox',
    });
  }

  #received(message, connectedAt) {
    if (message.headers.destination === READ) {
      this.#settle(this.items.get(message.body), message);
      return;
    }
    const { id, from, title, text } = JSON.parse(message.body);
    const time = +message.headers.timestamp;
    const isNew = !this.#seen.has(id);
    if (isNew) {
      this.#seen.set(id, time < connectedAt);
      this.#forget();
    }
    this.items.set(id, { id, from, title, text, time, waited: this.#seen.get(id), message });
    this.onChange(isNew ? this.items.get(id) : undefined);
  }

  #forget() {
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > MAX_SEEN) {
      this.#seen.delete(oldest);
    }
  }

  #settle(item, mark) {
    // both or none: a mark without its notification would be for nothing
    const transaction = this.client.begin();
    item?.message?.ack({ transaction: transaction.id });
    mark.ack({ transaction: transaction.id });
    transaction.commit();
    if (item) {
      item.message = undefined;
      item.readElsewhere = true;
    }
    this.onChange();
  }

  // Here, and in all other browsers of the user; false: not now.
  read(id) {
    const item = this.items.get(id);
    if (!this.client.connected || !item?.message) {
      return false;
    }
    const transaction = this.client.begin();
    item.message.ack({ transaction: transaction.id });
    this.client.publish({
      destination: `/user/${this.user}/queue/read`,
      headers: { transaction: transaction.id },
      body: id,
    });
    transaction.commit();
    item.message = undefined;
    this.onChange();
    return true;
  }
}
