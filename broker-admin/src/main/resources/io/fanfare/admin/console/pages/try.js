import { Alert, card, field, h, setDisabled, setText } from '../dom.js';
import { live, mayConnect, webSocketUrl } from '../live.js';
import { Page } from '../page.js';
import { parseHeaders } from '../publish.js';
import { Client } from '../vendor/stompjs/index.js';
import { FrameLog } from './frames.js';

const STATES = { off: 'not connected', connecting: 'connecting', on: 'connected' };

/** A STOMP client in the page: what it sends and gets is in the log, frame by frame. */
export function tryPage() {
  const page = new Page('Try it', { lead: 'A STOMP client in this page, with every frame that it sends and gets.' });
  const session = new Session();
  const log = session.log;
  page.add(h(
    'div.try',
    {},
    h('div.try-forms', {}, connectCard(session), subscribeCard(session), sendCard(session)),
    log.element,
  ));
  page.add(session);
  return page;
}

/** One connection at a time, with its subscriptions. */
class Session extends EventTarget {
  state = 'off';
  log = new FrameLog();
  subscriptions = new Map();
  #client = null;

  connect(headers) {
    const url = webSocketUrl(live.overview);
    this.log.note(`Opening ${url}`);
    const client = new Client({
      brokerURL: url,
      connectHeaders: headers,
      reconnectDelay: 0,
      logRawCommunication: true,
      debug: line => this.#debug(line),
      onConnect: () => this.#become('on'),
      onStompError: () => {}, // the log has it
      onWebSocketClose: event => {
        if (this.#client === client) {
          this.log.note(`Closed: code ${event.code}${event.reason ? `, ${event.reason}` : ''}`);
          this.#client = null;
          this.subscriptions.clear();
          this.#become('off');
        }
        client.deactivate();
      },
    });
    this.#client = client;
    this.#become('connecting');
    client.activate();
  }

  /** The client tells of frames and of itself in one stream of lines. */
  #debug(line) {
    const match = /^(>>>|<<<) ([\s\S]*)$/.exec(line);
    if (match) {
      this.log.frame(match[1] === '>>>' ? 'out' : 'in', match[2]);
    }
  }

  disconnect() {
    this.#client?.deactivate();
  }

  subscribe(destination, headers) {
    const id = `sub-${this.subscriptions.size + Math.floor(performance.now())}`;
    // the log shows the messages
    const subscription = this.#client.subscribe(destination, () => {}, { ...headers, id });
    this.subscriptions.set(id, { destination, subscription });
    this.dispatchEvent(new Event('change'));
  }

  unsubscribe(id) {
    this.subscriptions.get(id).subscription.unsubscribe();
    this.subscriptions.delete(id);
    this.dispatchEvent(new Event('change'));
  }

  send(destination, headers, body) {
    this.#client.publish({ destination, headers, body });
  }

  stop() {
    this.disconnect();
    this.log.stop();
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

function connectCard(session) {
  const alert = new Alert();
  const user = h('input', { autocomplete: 'off', spellcheck: 'false' });
  const passcode = h('input', { type: 'password', autocomplete: 'off' });
  const connect = h('button.primary', { type: 'submit' }, 'Connect');
  const disconnect = h('button', { type: 'button', disabled: true, onclick: () => session.disconnect() }, 'Disconnect');
  const state = h('span.state', { role: 'status' });
  const form = h(
    'form',
    {},
    h('div.form-row', {}, field('User', user), field('Passcode', passcode)),
    h('div.form-row', {}, connect, disconnect, state),
    alert.element,
  );
  form.addEventListener('submit', event => {
    event.preventDefault();
    alert.clear();
    if (!live.overview) {
      alert.show(new Error('The broker has not answered yet.'));
    } else if (!mayConnect(live.overview)) {
      alert.show(new Error('This page came over TLS and the broker’s WebSocket has none: the browser does not allow that.'));
    } else {
      session.connect({
        ...(user.value && { login: user.value }),
        ...(passcode.value && { passcode: passcode.value }),
      });
    }
  });
  const show = () => {
    setText(state, STATES[session.state]);
    state.dataset.value = session.state;
    const isOff = session.state === 'off';
    // the one that is enabled first can take the focus of the other
    setDisabled([isOff ? connect : disconnect], false);
    setDisabled([isOff ? disconnect : connect], true, isOff ? connect : disconnect);
  };
  session.addEventListener('change', show);
  show();
  return card('Connection', live.overview && h('code', {}, webSocketUrl(live.overview)), form);
}

function subscribeCard(session) {
  const destination = h('input', { value: '/topic/hello', required: true, autocomplete: 'off', spellcheck: 'false' });
  const headers = h('textarea', { rows: '2', spellcheck: 'false' });
  const button = h('button', { type: 'submit', disabled: true }, 'Subscribe');
  const list = h('ul.subscriptions', { 'aria-label': 'Subscriptions' });
  const form = sessionForm(
    session,
    button,
    () => session.subscribe(destination.value.trim(), parseHeaders(headers.value)),
    field('Destination', destination, '/topic/prices.# for all below'),
    field('Headers', headers, 'One a line, such as ack: client'),
  );
  session.addEventListener('change', () => list.replaceChildren(...[...session.subscriptions].map(([id, each]) => h(
    'li',
    {},
    h('code', {}, each.destination),
    h('button', { type: 'button', onclick: () => session.unsubscribe(id), 'aria-label': `Unsubscribe from ${each.destination}` }, 'Unsubscribe'),
  ))));
  return card('Subscribe', null, form, list);
}

function sendCard(session) {
  const destination = h('input', { value: '/topic/hello', required: true, autocomplete: 'off', spellcheck: 'false' });
  const headers = h('textarea', { rows: '2', spellcheck: 'false' });
  const body = h('textarea', { rows: '3', spellcheck: 'false' });
  body.value = 'Hello';
  headers.value = 'receipt: r1';
  const button = h('button', { type: 'submit', disabled: true }, 'Send');
  const form = sessionForm(
    session,
    button,
    () => session.send(destination.value.trim(), parseHeaders(headers.value), body.value),
    field('Destination', destination),
    field('Headers', headers, 'The RECEIPT says how many got the message'),
    field('Body', body),
  );
  return card('Send', null, form);
}

/** A form that does something while there is a connection. */
function sessionForm(session, button, act, ...fields) {
  const alert = new Alert();
  const form = h('form', {}, fields, h('div.form-row', {}, button), alert.element);
  form.addEventListener('submit', event => {
    event.preventDefault();
    alert.clear();
    try {
      act();
    } catch (error) {
      alert.show(error);
    }
  });
  session.addEventListener('change', () => {
    button.disabled = session.state !== 'on';
  });
  return form;
}
