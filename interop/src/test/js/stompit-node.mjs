// Holds stompit connections over TCP and does what it is told. See Driver.java for the orders.
import stompit from 'stompit';
import { emit as print, onOrder } from './lines.mjs';

const peers = new Map();

// an ERROR whose content-type is exactly text/plain makes stompit 1.0.0 throw where nobody can catch it; the others go on
process.on('uncaughtException', error => console.error(error));

onOrder(order => {
  if (order.do === 'connect') {
    peers.set(order.peer, connect(order, event => print({ peer: order.peer, ...event })));
  } else {
    peers.get(order.peer)?.(order);
  }
});

function connect(order, emit) {
  const messages = [];
  const transactions = new Map();
  const client = stompit.connect(
    {
      host: '127.0.0.1',
      port: order.port,
      connectHeaders: { 'accept-version': order.version, 'heart-beat': `${order.heartBeat},${order.heartBeat}` },
    },
    (error, connected) => {
      if (!error) {
        emit({ event: 'connected', headers: connected.headers });
      }
    },
  );
  client.on('error', error => {
    if (error.isApplicationError?.()) {
      emit({ event: 'error', headers: { message: error.message }, body: Buffer.from(error.longMessage ?? '').toString('base64') });
    }
    emit({ event: 'closed' });
  });

  function received(error, message) {
    if (error) {
      return;
    }
    const chunks = [];
    message.on('data', chunk => chunks.push(chunk));
    message.on('end', () => {
      emit({ event: 'message', number: messages.length, headers: message.headers, body: Buffer.concat(chunks).toString('base64') });
      messages.push(message);
    });
  }

  // stompit names its receipts itself
  function options({ receipt, ...headers }) {
    const onReceipt = () => emit({ event: 'receipt', headers: { 'receipt-id': receipt } });
    return [headers, receipt ? { onReceipt } : {}];
  }

  const orders = {
    send({ destination, headers, body }) {
      const bytes = Buffer.from(body, 'base64');
      const { transaction, ...rest } = headers;
      const [sent, sendOptions] = options({ destination, 'content-length': bytes.length, ...rest });
      const sender = transaction ? transactions.get(transaction) : client;
      sender.send(sent, sendOptions).end(bytes);
    },
    subscribe({ id, destination, headers }) {
      client.subscribe({ id, destination, ...headers }, received);
    },
    unsubscribe({ id, headers }) {
      client.getSubscription(id).unsubscribe(headers);
    },
    ack({ number, headers }) {
      client.ack(messages[number], ...options(headers));
    },
    nack({ number, headers }) {
      client.nack(messages[number], ...options(headers));
    },
    begin({ transaction, headers }) {
      transactions.set(transaction, client.begin({ transaction, ...headers }));
    },
    commit({ transaction, headers }) {
      transactions.get(transaction).commit(options(headers)[1]);
    },
    abort({ transaction, headers }) {
      transactions.get(transaction).abort(options(headers)[1]);
    },
    disconnect() {
      client.disconnect(error => emit(error ? { event: 'closed' } : { event: 'disconnected' }));
    },
    drop() {
      client.destroy();
    },
  };

  return order => orders[order.do](order);
}
