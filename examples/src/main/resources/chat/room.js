import { live } from './web/vendor/fanfare/live.js';

// A room is a topic with a history and presence, and a topic beside
// it for typing marks, of which nothing is kept.
export class Room {
  constructor(connection, name, { onMessage, onGap, onPresence, onTyping }) {
    this.connection = connection;
    this.topic = `/topic/room.${name}`;
    this.typingTopic = `/topic/typing.${name}`;

    this.messages = connection.follow(
      live(connection.client, this.topic, {
        from: 'first', // the history; after a reconnect what was missed
        onMessage,
        onPresence,
        onState: connection.onState,
        onGap: gap => {
          connection.onGap(gap);
          onGap(gap);
        },
      }),
    );
    this.typing = live(connection.client, this.typingTopic, {
      key: 'user-id',
      headers: {
        'max-rate': '1', // a second
        conflate: 'user-id', // the newest of each user
        'no-local': 'true',
      },
      onMessage: onTyping,
    });
  }

  say(text) {
    this.#send(this.topic, { text });
  }

  typed(isTyping) {
    this.#send(this.typingTopic, { isTyping });
    return true;
  }

  #send(destination, json) {
    const headers = { 'content-type': 'application/json' };
    this.connection.client.publish({ destination, headers, body: JSON.stringify(json) });
  }

  leave() {
    this.connection.leave(this.messages);
    this.typing.close();
  }
}
