import { Client, ReconnectionTimeMode } from './vendor/stompjs/index.js';

// Keeps connected; each topic's messages go to its function.
export function feed(brokerURL, topics, onState) {
  const client = new Client({
    brokerURL,
    reconnectTimeMode: ReconnectionTimeMode.EXPONENTIAL,
    reconnectDelay: 500, // ms, doubled each time
    maxReconnectDelay: 10_000,
    onConnect: () => {
      for (const [topic, show] of Object.entries(topics)) {
        client.subscribe(topic, message => show(JSON.parse(message.body)));
      }
      onState('connected');
    },
    onWebSocketClose: () => onState('reconnecting'),
  });
  client.activate();
}
