package io.fanfare.server;

/** From where the admin listener may be reached. It has no login. */
public enum AdminAccess {
    /** From this machine alone; another address to bind to is refused. */
    LOOPBACK,
    /** From wherever the network lets somebody through. */
    ANYWHERE
}
