import { showCode } from './web/code.js';
import * as format from './web/format.js';
import { endSession, enter, leave } from './web/login.js';
import { element, note, show } from './web/page.js';
import { post } from './web/session.js';
import { showItems } from './items.js';

const TITLE = 'Notifications';

const config = await (await fetch('config.json')).json();
const { user } = await enter(config.accounts);

note('user', `Logged in as ${user}`);
element('facts').hidden = false;
for (const { name } of config.accounts) {
  element('to').add(new Option(name, name, name === user, name === user));
}
fetch('inbox.js').then(answer => answer.text()).then(source => showCode(element('code'), source));

// ---- the inbox, which all tabs of this user in this browser share --------------------------------------------------

const worker = new SharedWorker('worker.js', { type: 'module', name: `inbox of ${user}` });
let latest;

function tell(command, more) {
  worker.port.postMessage({ command, ...more });
}

function open() {
  tell('open', { webSocketUrl: config.webSocketUrl, user, browser: browserId() });
}

/** The name of this browser's durable subscription, the same as long as its storage is there. */
function browserId() {
  const id = localStorage.getItem('browser') ?? crypto.randomUUID();
  localStorage.setItem('browser', id);
  return id;
}

worker.port.onmessage = ({ data }) => {
  if (data.state === 'logged out') {
    leave();
    return;
  }
  latest = data;
  const unread = data.items.filter(item => item.isUnread).length;
  document.title = unread > 0 ? `(${unread}) ${TITLE}` : TITLE;
  show('unread', unread, format.integer);
  show('tabs', data.tabs, format.integer);
  note('state', data.state);
  element('state').dataset.value = data.state;
  element('state').dataset.session = data.session ?? '';
  note('pause', data.state === 'offline' ? 'Go online' : 'Go offline');
  show('live', data.counts.live, format.integer);
  show('waited', data.counts.waited, format.integer);
  show('read-here', data.counts.readHere, format.integer);
  show('read-elsewhere', data.counts.readElsewhere, format.integer);
  const canRead = data.state === 'connected';
  element('read-all').disabled = !canRead || unread === 0;
  element('empty').hidden = data.items.length > 0;
  showItems(data.items, canRead, id => tell('read', { id }));
  showToken();
};
worker.onerror = () => note('state', 'the inbox has failed');
open();
addEventListener('pagehide', () => tell('leave'));
// a page that the browser has kept and shows again
addEventListener('pageshow', event => event.persisted && open());

function showToken() {
  if (latest?.expires) {
    const seconds = Math.max(0, Math.ceil((latest.expires - Date.now()) / 1000));
    const { renewals } = latest.counts;
    const times = ['not renewed yet', 'renewed once'][renewals] ?? `renewed ${renewals} times`;
    show('token', renewals, () => `${seconds} s left, ${times}`);
  }
}
setInterval(showToken, 1000);

// ---- what the user does --------------------------------------------------------------------------------------------

element('pause').addEventListener('click', () => tell(latest?.state === 'offline' ? 'goOnline' : 'goOffline'));
element('log-out').addEventListener('click', async () => {
  await endSession(user);
  // and all tabs leave
  tell('end');
});
element('read-all').addEventListener('click', () =>
  latest.items.filter(item => item.isUnread).forEach(({ id }) => tell('read', { id })));
element('send').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target;
  try {
    const { browsers } = await post('notify', { user, ...Object.fromEntries(new FormData(form)) });
    note('sent', browsers === 0
      ? `${form.elements.to.value} has never been here: nobody gets it.`
      : `Pushed to ${browsers} ${browsers === 1 ? 'browser' : 'browsers'} of ${form.elements.to.value}, open or not.`);
    form.elements.text.value = '';
  } catch (error) {
    note('sent', error.message);
  }
});
