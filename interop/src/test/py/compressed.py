"""Sends bodies through Debian's websockets, which compresses, and gets them back; prints the extensions that were agreed on.

Argument: the endpoint's URI.
"""
import asyncio
import random
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

COUNT = 1000
SIZES = [0, 1, 125, 126, 255, 256, 4095, 4096, 65535, 65536]
LARGEST = 1 << 20


def body(i):
    size = LARGEST if i in (COUNT // 2, COUNT - 1) else SIZES[i // 10 % len(SIZES)] if i % 10 == 0 else i
    if i % 3 == 0:
        letters = random.Random(i)
        return "".join(letters.choices("ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789", k=size))
    entry = '{"symbol":"AAPL","price":%d,"é":"€"},' % i
    return (entry * (size // len(entry) + 1))[:size]


def pieces(frame, i):
    """In one message, or in as many fragments."""
    if i % 3 == 0:
        return frame
    length = len(frame) // (i % 3 + 1) + 1
    return [frame[at:at + length] for at in range(0, len(frame), length)]


async def round_trip(uri, name, **options):
    bodies = [body(i) for i in range(COUNT)]
    topic = "/topic/compressed." + name
    async with websockets.connect(uri, subprotocols=["v12.stomp"], max_size=None, **options) as socket:
        await socket.send("CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0")
        assert (await socket.recv()).startswith("CONNECTED\n")
        await socket.send("SUBSCRIBE\nid:%s\ndestination:%s\nreceipt:r\n\n\0" % (name, topic))
        assert (await socket.recv()).startswith("RECEIPT\n")

        async def send():
            for i, text in enumerate(bodies):
                await socket.send(pieces("SEND\ndestination:%s\nnumber:%d\n\n%s\0" % (topic, i, text), i))

        sending = asyncio.create_task(send())
        for i, text in enumerate(bodies):
            frame = await socket.recv()
            head, _, rest = frame.partition("\n\n")
            assert head.startswith("MESSAGE\n") and "\nnumber:%d\n" % i in head and rest == text + "\0", frame[:300]
        await sending
        print("; ".join(str(extension) for extension in socket.extensions) or "none")


async def main(uri):
    await round_trip(uri, "default")
    for window in (12, 13, 15, 9):
        offer = ClientPerMessageDeflateFactory(server_max_window_bits=window, client_max_window_bits=window)
        await round_trip(uri, "window-%d" % window, compression=None, extensions=[offer])


asyncio.run(main(sys.argv[1]))
