import { WebSocket } from 'ws';
import { emit, onOrder } from './lines.mjs';
import { stompjs } from './stompjs.mjs';

// Node before 22 has none of its own
globalThis.WebSocket = WebSocket;
onOrder(stompjs(emit));
