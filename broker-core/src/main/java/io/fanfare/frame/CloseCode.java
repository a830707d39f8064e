package io.fanfare.frame;

/** WebSocket close code: the reason for which a connection ends (RFC 6455 7.4.1; 44xx are Fanfare's own). */
public enum CloseCode {
    NORMAL(1000),
    GOING_AWAY(1001),
    PROTOCOL_ERROR(1002),
    INVALID_DATA(1007),
    POLICY(1008),
    TOO_BIG(1009),
    INTERNAL_ERROR(1011),
    RESTARTING(1012),
    OVERLOAD(1013),
    TOKEN_EXPIRED(4401),
    CLOSED_BY_OPERATOR(4403),
    HEART_BEAT_MISSED(4408),
    RATE_LIMIT(4429);

    private final int code;

    CloseCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
