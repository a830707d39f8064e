import { Inbox } from './inbox.js';
import { authenticate } from './web/session.js';

// The one inbox of a user in this browser, in a SharedWorker: it lives as long as a tab of the user is open. Tabs say what to do
// with `{ command }`, and each gets the whole state after each change.

const MAX_READ = 100; // that tabs go on showing
const BATCH_MILLIS = 30;

const tabs = new Set();
const counts = { live: 0, waited: 0, readHere: 0, readElsewhere: 0, renewals: 0 };
let inbox;
let state = 'connecting';
let session; // of the open connection
let expires;
let isTold = true;
let closing;

const commands = {
  open(tab, options) {
    tabs.add(tab);
    if (!inbox) {
      start(options);
    } else if (state === 'logged out') {
      state = 'connecting';
      inbox.client.activate();
    }
    tellSoon();
  },
  leave(tab) {
    tabs.delete(tab);
    tellSoon();
  },
  read(tab, { id }) {
    counts.readHere += inbox.read(id) ? 1 : 0;
  },
  goOffline() {
    change('offline');
    closing = inbox.client.deactivate();
  },
  async goOnline() {
    change('reconnecting');
    await closing;
    inbox.client.activate();
  },
  async end() {
    await inbox.client.deactivate();
    change('logged out');
  },
};

onconnect = ({ ports: [tab] }) => {
  tab.onmessage = ({ data }) => commands[data.command](tab, data);
};

function start(options) {
  inbox = new Inbox(options, {
    onConnected(id) {
      session = id;
      change('connected');
    },
    onChange(arrived) {
      if (arrived) {
        counts[arrived.waited ? 'waited' : 'live']++;
      }
      tellSoon();
    },
  });
  inbox.client.onWebSocketClose = () => {
    if (state === 'connected') {
      change('reconnecting');
    }
  };
  authenticate(inbox.client, options.user, {
    onToken(until, isRenewal) {
      expires = until;
      counts.renewals += isRenewal ? 1 : 0;
      tellSoon();
    },
    onRefused: () => change('logged out'),
  });
  inbox.client.activate();
}

function change(to) {
  state = to;
  tellSoon();
}

/** Many messages that come at once are one change for the tabs. */
function tellSoon() {
  if (isTold) {
    isTold = false;
    setTimeout(tell, BATCH_MILLIS);
  }
}

function tell() {
  isTold = true;
  forgetRead();
  const items = [...inbox.items.values()]
    .sort((one, other) => other.time - one.time)
    .map(({ message, ...item }) => ({ ...item, isUnread: message !== undefined }));
  counts.readElsewhere = items.filter(item => item.readElsewhere).length;
  tabs.forEach(tab => tab.postMessage({ state, session, expires, items, tabs: tabs.size, counts }));
}

function forgetRead() {
  const read = [...inbox.items.values()].filter(item => !item.message);
  read.slice(0, Math.max(0, read.length - MAX_READ)).forEach(item => inbox.items.delete(item.id));
}
