import { live } from './web/vendor/fanfare/live.js';

// Each topic's messages go to its function: first the history, so that
// the charts are full at once, then what is published, and after a lost
// connection what was missed. Whether there was a gap is shown, too.
export function feed(connection, topics) {
  for (const [topic, show] of Object.entries(topics)) {
    connection.follow(
      live(connection.client, topic, {
        from: 'first',
        onMessage: (message, value) => show(value, message),
        onState: connection.onState,
        onGap: connection.onGap,
      }),
    );
  }
}
