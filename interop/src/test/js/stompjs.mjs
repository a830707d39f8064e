// Holds stompjs connections and does what it is told; for Node and for the browser. See Driver.java for the orders.
import { Client, Versions } from '@stomp/stompjs';

const OCTETS = 'application/octet-stream';

/** A function that takes orders; what they lead to goes to emit. */
export function stompjs(emit) {
  const peers = new Map();

  return order => {
    if (order.do === 'connect') {
      peers.set(order.peer, connect(order, event => emit({ peer: order.peer, ...event })));
    } else {
      peers.get(order.peer)?.(order);
    }
  };
}

function connect(order, emit) {
  const messages = [];
  const client = new Client({
    brokerURL: `ws://127.0.0.1:${order.port}${order.path}`,
    stompVersions: new Versions([order.version]),
    heartbeatOutgoing: order.heartBeat,
    heartbeatIncoming: order.heartBeat,
    reconnectDelay: 0,
    onConnect: frame => emit({ event: 'connected', headers: frame.headers }),
    onStompError: frame => emit({ event: 'error', headers: frame.headers, body: encode(frame.binaryBody) }),
    onDisconnect: () => emit({ event: 'disconnected' }),
    onWebSocketClose: () => emit({ event: 'closed' }),
  });
  client.activate();

  function received(message) {
    emit({ event: 'message', number: messages.length, headers: message.headers, body: encode(message.binaryBody) });
    messages.push(message);
  }

  function watch(headers) {
    if (headers.receipt) {
      client.watchForReceipt(headers.receipt, frame => emit({ event: 'receipt', headers: frame.headers }));
    }
  }

  const orders = {
    send({ destination, headers, body }) {
      const bytes = decode(body);
      const content = headers['content-type'] === OCTETS ? { binaryBody: bytes } : { body: new TextDecoder().decode(bytes) };
      client.publish({ destination, headers, ...content });
    },
    subscribe({ id, destination, headers }) {
      client.subscribe(destination, received, { id, ...headers });
    },
    unsubscribe({ id, headers }) {
      client.unsubscribe(id, headers);
    },
    ack({ number, headers }) {
      messages[number].ack(headers);
    },
    nack({ number, headers }) {
      messages[number].nack(headers);
    },
    begin({ transaction }) {
      client.begin(transaction);
    },
    commit({ transaction }) {
      client.commit(transaction);
    },
    abort({ transaction }) {
      client.abort(transaction);
    },
    disconnect() {
      client.deactivate();
    },
    drop() {
      client.deactivate({ force: true });
    },
  };

  return order => {
    watch(order.headers ?? {});
    orders[order.do](order);
  };
}

function decode(base64) {
  return Uint8Array.from(atob(base64), c => c.charCodeAt(0));
}

function encode(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}
