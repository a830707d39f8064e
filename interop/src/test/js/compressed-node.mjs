// The bodies through ws, with several offers; prints the extensions that were agreed on. Argument: the endpoint's URI.
import { WebSocket } from 'ws';
import { roundTrip } from './compressed.mjs';

const OFFERS = [
  {},
  { serverNoContextTakeover: true, clientNoContextTakeover: true },
  { serverMaxWindowBits: 12, clientMaxWindowBits: 9 },
  { serverMaxWindowBits: 15, clientMaxWindowBits: 8 },
  { serverMaxWindowBits: 9 },
];

/** Every third in one message, the others in fragments. */
function send(socket, frame, i) {
  if (i % 3 === 0) {
    socket.send(frame);
    return;
  }
  const cut = Math.floor(frame.length / (i % 3 + 1));
  socket.send(frame.slice(0, cut), { fin: false });
  socket.send(frame.slice(cut), { fin: true });
}

for (const [i, offer] of OFFERS.entries()) {
  const perMessageDeflate = { threshold: 0, ...offer };
  const extensions = await roundTrip(() => new WebSocket(process.argv[2], 'v12.stomp', { perMessageDeflate }), send, `ws-${i}`, 1000);
  console.log(extensions || 'none');
}
