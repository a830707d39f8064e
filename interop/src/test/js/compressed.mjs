// Sends bodies to a topic over a WebSocket that compresses, and gets them back; for Node and for the browser.
import { bodies } from './bodies.mjs';

/**
 * Resolves with the extensions when all bodies have come back as they were.
 *
 * @param open makes the socket
 * @param send sends one frame of STOMP, in one message or in fragments
 */
export function roundTrip(open, send, id, count) {
  return new Promise((resolve, reject) => {
    const sent = bodies(count);
    const topic = `/topic/compressed.${id}`;
    const socket = open();
    let next = 0;
    socket.onopen = () => socket.send('CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0');
    socket.onclose = event => reject(new Error(`closed with ${event.code} ${event.reason} behind ${next}`));
    socket.onmessage = ({ data }) => {
      const frame = String(data);
      const body = frame.slice(frame.indexOf('\n\n') + 2, -1);
      if (frame.startsWith('CONNECTED\n')) {
        socket.send(`SUBSCRIBE\nid:${id}\ndestination:${topic}\nreceipt:r\n\n\0`);
      } else if (frame.startsWith('RECEIPT\n')) {
        sent.forEach((text, i) => send(socket, `SEND\ndestination:${topic}\nnumber:${i}\n\n${text}\0`, i));
      } else if (!frame.startsWith('MESSAGE\n') || !frame.includes(`\nnumber:${next}\n`) || body !== sent[next]) {
        reject(new Error(`not body ${next}: ${frame.slice(0, 300)}`));
      } else if (++next === count) {
        resolve(socket.extensions);
        socket.close();
      }
    };
  });
}
