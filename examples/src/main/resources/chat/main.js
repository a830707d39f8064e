import { showCode } from './web/code.js';
import { Connection } from './web/connection.js';
import { endSession, enter, leave } from './web/login.js';
import { bindHeader, element, note, showState, terms } from './web/page.js';
import { authenticate } from './web/session.js';
import { addGap, addMessage, clearMessages } from './messages.js';
import { bindRemoval, showPeople } from './people.js';
import { Room } from './room.js';
import { showCount, showRooms } from './rooms.js';
import { bindTyping, clearTyping, gotTyping, stopTyping } from './typing.js';

const REMOVAL_QUEUE = '/queue/removals';

const config = await (await fetch('config.json')).json();
const { user, roles } = await enter(config.accounts);
const isModerator = roles.includes('moderator');
let room;
let roomName;
let returning; // timer of a removal

note('user', `Logged in as ${user}${isModerator ? ', moderator' : ''}`);
element('facts').hidden = false;
fetch('room.js').then(answer => answer.text()).then(source => showCode(element('code'), source));

// ---- the connection ------------------------------------------------------------------------------------------------

const connection = new Connection(config.webSocketUrl, (state, verdict) => {
  showState(state, verdict);
  element('say').inert = state !== 'connected';
  if (state === 'connected' && document.activeElement === document.body) {
    element('text').focus();
  }
}, {
  connectHeaders: { 'soft-errors': 'true' },
  onConnect() {
    for (const name of config.rooms) {
      connection.client.subscribe(`/presence/topic/room.${name}`, message => showCount(name, message), { presence: 'count' });
    }
  },
  onUnhandledMessage({ headers, body }) {
    // that the token expires soon is known already
    if (headers['error-code'] !== 'session-expires-soon') {
      note('refusal', body || headers.message);
    }
  },
  onStompError: ({ headers }) => note('refusal', headers.message),
});

authenticate(connection.client, user, {
  onToken() {},
  onRefused({ message, status, answer }) {
    if (status === 403) {
      removed(message, answer.seconds);
    } else {
      leave();
    }
  },
});

/** Stays away until the time is over, and comes back then. */
function removed(message, seconds) {
  const end = Date.now() + seconds * 1000;
  connection.goOffline('removed');
  note('refusal', '');
  clearInterval(returning);
  element('removed').hidden = false;
  element('pause').disabled = true;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    note('removed', `${message} You can come back in ${left} s.`);
    if (left <= 0) {
      clearInterval(returning);
      element('removed').hidden = true;
      element('pause').disabled = false;
      connection.goOnline();
    }
  };
  tick();
  returning = setInterval(tick, 250);
}

bindHeader({
  isOffline: () => connection.state === 'offline',
  goOffline: () => connection.goOffline(),
  goOnline: () => connection.goOnline(),
});
element('log-out').addEventListener('click', async () => {
  connection.goOffline();
  await endSession(user);
  leave();
});

// ---- rooms ---------------------------------------------------------------------------------------------------------

function go(name) {
  room?.leave();
  clearMessages();
  clearTyping();
  roomName = name;
  note('room-title', name);
  note('refusal', '');
  room = new Room(connection, name, {
    onMessage(message, value) {
      connection.got(message);
      addMessage(message, value, user);
      stopTyping(message.headers['user-id']);
    },
    onGap: addGap,
    onPresence: (change, members) => showPeople([...members.values()], user, isModerator),
    onTyping: gotTyping,
  });
  note('room-topic', `${room.topic}, with its history`);
  note('presence-topic', `/presence${room.topic}`);
  terms(element('marks-topic'), `${room.typingTopic}, max-rate:1, conflate:user-id`);
  showRooms(config.rooms, name, chosen => {
    go(chosen);
    element('text').focus();
  });
}

bindTyping({
  send(text) {
    note('refusal', '');
    room.say(text);
  },
  typed: isTyping => connection.state === 'connected' && room.typed(isTyping),
});
bindRemoval(config.removalSeconds, (who, reason) =>
  connection.state === 'connected' && connection.client.publish({
    destination: REMOVAL_QUEUE,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: who, room: roomName, reason }),
  }));

go(config.rooms[0]);
connection.open();
