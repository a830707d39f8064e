<?php
// Holds connections of PHP's Stomp extension over TCP and does what it is told. See Driver.java for the orders.

const READ_SECONDS = 10;
const POLL_MICROSECONDS = 2_000;

/** A connection. The extension looks at its socket only when it is asked for a frame or for a receipt. */
final class Peer
{
    private ?Stomp $stomp;
    private bool $needsId;
    private array $destinations = [];
    private array $messages = [];

    public function __construct(private string $name, array $order)
    {
        $this->needsId = $order['version'] === '1.2';
        $headers = $order['version'] === '1.0' ? [] : ['accept-version' => $order['version'], 'host' => '127.0.0.1'];
        $this->stomp = new Stomp("tcp://127.0.0.1:{$order['port']}", '', '', $headers);
        $this->stomp->setReadTimeout(READ_SECONDS);
        $this->emit('connected', ['session' => $this->stomp->getSessionId()]);
    }

    // what it is told

    public function send(array $order): void
    {
        $body = base64_decode($order['body']);
        $this->done($this->stomp->send($order['destination'], $body, $order['headers']), $order);
    }

    public function subscribe(array $order): void
    {
        $this->destinations[$order['id']] = $order['destination'];
        // without an "ack" the extension asks for "client"
        $headers = $order['headers'] + ['id' => $order['id'], 'ack' => 'auto'];
        $this->done($this->stomp->subscribe($order['destination'], $headers), $order);
    }

    public function unsubscribe(array $order): void
    {
        $headers = $order['headers'] + ['id' => $order['id']];
        $this->done($this->stomp->unsubscribe($this->destinations[$order['id']], $headers), $order);
    }

    public function ack(array $order): void
    {
        $message = $this->messages[$order['number']];
        $this->done($this->stomp->ack($message, $this->settling($message, $order)), $order);
    }

    public function nack(array $order): void
    {
        $message = $this->messages[$order['number']];
        $this->done($this->stomp->nack($message, $this->settling($message, $order)), $order);
    }

    /** The extension sends a message's headers back, and knows nothing of the "id" that STOMP 1.2 asks for. */
    private function settling(StompFrame $message, array $order): array
    {
        return $order['headers'] + ($this->needsId ? ['id' => $message->headers['ack']] : []);
    }

    public function begin(array $order): void
    {
        $this->done($this->stomp->begin($order['transaction'], $order['headers']), $order);
    }

    public function commit(array $order): void
    {
        $this->done($this->stomp->commit($order['transaction'], $order['headers']), $order);
    }

    public function abort(array $order): void
    {
        $this->done($this->stomp->abort($order['transaction'], $order['headers']), $order);
    }

    public function disconnect(array $order): void
    {
        $this->drop($order);
        $this->emit('disconnected');
    }

    public function drop(array $order): void
    {
        // its destructor says DISCONNECT and closes the socket
        $this->stomp = null;
    }

    /** The extension has waited for the receipt that an order asked for. */
    private function done(bool $good, array $order): void
    {
        if (!$good) {
            $this->emit('error', ['message' => (string) $this->stomp->error()]);
        } elseif (isset($order['headers']['receipt'])) {
            $this->emit('receipt', ['receipt-id' => $order['headers']['receipt']]);
        }
    }

    // what it sees

    /** Takes the frames that have come. */
    public function poll(): void
    {
        while ($this->stomp !== null && $this->hasFrame()) {
            try {
                $frame = $this->stomp->readFrame();
            } catch (StompException $e) {
                $this->emit('error', ['message' => $e->getMessage()]);
                continue;
            }
            if ($frame === false) {
                $this->stomp = null;
                $this->emit('closed');
            } else {
                $this->messages[] = $frame;
                $this->emit('message', $frame->headers, (string) $frame->body, count($this->messages) - 1);
            }
        }
    }

    private function hasFrame(): bool
    {
        $this->stomp->setReadTimeout(0);
        $has = $this->stomp->hasFrame();
        $this->stomp->setReadTimeout(READ_SECONDS);
        return $has;
    }

    private function emit(string $event, array $headers = [], string $body = '', int $number = 0): void
    {
        echo json_encode([
            'peer' => $this->name,
            'event' => $event,
            'headers' => (object) $headers,
            'number' => $number,
            'body' => base64_encode($body),
        ]), "\n";
    }
}

/** The lines of the standard input that have come whole since the last call. */
function orders(string &$buffer): array
{
    $readable = [STDIN];
    $none = null;
    if (stream_select($readable, $none, $none, 0, POLL_MICROSECONDS) > 0) {
        $buffer .= fread(STDIN, 1 << 16);
    }
    $lines = explode("\n", $buffer);
    $buffer = array_pop($lines);
    return $lines;
}

$peers = [];
$buffer = '';
stream_set_blocking(STDIN, false);
while (!feof(STDIN)) {
    foreach (orders($buffer) as $line) {
        $order = json_decode($line, true);
        $name = $order['peer'];
        $what = $order['do'];
        if ($what === 'connect') {
            $peers[$name] = new Peer($name, $order);
        } elseif (isset($peers[$name])) {
            $peers[$name]->$what($order);
        }
    }
    foreach ($peers as $peer) {
        $peer->poll();
    }
}
