"""Holds stomp.py connections over TCP and does what it is told. See Driver.java for the orders."""
import base64
import json
import sys
import threading

import stomp

CONNECTIONS = {
    "1.0": stomp.StompConnection10,
    "1.1": stomp.StompConnection11,
    "1.2": stomp.StompConnection12,
}
LOCK = threading.Lock()


class Peer(stomp.ConnectionListener):

    def __init__(self, name, order):
        self.name = name
        self.version = order["version"]
        self.goodbye = False
        self.messages = []
        options = {"host_and_ports": [("127.0.0.1", order["port"])], "auto_decode": False}
        if self.version != "1.0":
            options["heartbeats"] = (order["heartBeat"], order["heartBeat"])
        self.connection = CONNECTIONS[self.version](**options)
        self.connection.set_listener("test", self)
        self.connection.connect()

    # what stomp.py reports

    def on_connected(self, frame):
        self.emit("connected", headers=frame.headers)

    def on_message(self, frame):
        self.messages.append(frame.headers)
        self.emit("message", frame.headers, frame.body, len(self.messages) - 1)

    def on_receipt(self, frame):
        if frame.headers["receipt-id"] == "goodbye":
            self.emit("disconnected")
        else:
            self.emit("receipt", frame.headers)

    def on_error(self, frame):
        self.emit("error", frame.headers, frame.body)

    def on_disconnected(self):
        if not self.goodbye:
            self.emit("closed")

    def emit(self, event, headers=None, body=b"", number=0):
        line = json.dumps({
            "peer": self.name,
            "event": event,
            "headers": headers or {},
            "number": number,
            "body": base64.b64encode(body).decode(),
        })
        with LOCK:
            print(line, flush=True)

    # what it is told

    def send(self, destination, headers, body):
        self.connection.send(destination, base64.b64decode(body), headers=headers)

    def subscribe(self, id, destination, headers):
        self.connection.subscribe(destination, id=id, ack=headers.pop("ack", "auto"), headers=headers)

    def unsubscribe(self, id, headers):
        self.connection.unsubscribe(id=id, headers=headers)

    def ack(self, number, headers):
        self.settle(self.connection.ack, number, headers)

    def nack(self, number, headers):
        self.settle(self.connection.nack, number, headers)

    def settle(self, method, number, headers):
        message = self.messages[number]
        if self.version == "1.2":
            method(message["ack"], **headers)
        elif self.version == "1.1":
            method(message["message-id"], message["subscription"], **headers)
        else:
            method(message["message-id"], **headers)

    def begin(self, transaction, headers):
        self.connection.begin(transaction, headers=headers)

    def commit(self, transaction, headers):
        self.connection.commit(transaction, headers=headers)

    def abort(self, transaction, headers):
        self.connection.abort(transaction, headers=headers)

    def disconnect(self):
        # it reports the end before the receipt that brings it
        self.goodbye = True
        self.connection.disconnect(receipt="goodbye")

    def drop(self):
        self.goodbye = True
        self.connection.transport.disconnect_socket()


def main():
    peers = {}
    for line in sys.stdin:
        order = json.loads(line)
        name, what = order.pop("peer"), order.pop("do")
        if what == "connect":
            peers[name] = Peer(name, order)
        elif name in peers:
            getattr(peers[name], what)(**order)


main()
