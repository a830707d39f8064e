package io.fanfare.admin;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.server.http.HttpAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request that is refused: an answer with {@code application/problem+json} (RFC 9457). */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Queues and delays that have no room; there is no close code for that, as the connection goes on elsewhere. */
    private static final Pattern NO_ROOM = Pattern.compile("queue full|too many delayed messages");

    /** What a sentence about a limit ends with. */
    private static final Pattern KEY = Pattern.compile("\\(([a-z]+(?:_[a-z]+)+)\\)$");

    private final int status;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private Problem(int status, String detail) {
        // bad input is not our failure: no stack trace is worth its cost
        super(detail, null, false, false);
        this.status = status;
    }

    /**
     * A problem.
     *
     * @param detail a sentence for the client; empty: it learns nothing else
     */
    static Problem of(int status, String detail) {
        return new Problem(status, detail);
    }

    /** A message that the broker refuses. */
    static Problem of(ProtocolException refused) {
        Matcher key = KEY.matcher(refused.detail());
        boolean isLimit = key.find();
        int status = status(refused);
        Problem problem = of(isLimit && status == 422 ? 413 : status, refused.detail());
        if (isLimit) {
            problem.with("key", key.group(1));
        }
        return switch (problem.status) {
            case 429 -> problem.header("Retry-After", "1");
            case 503 -> problem.header("Retry-After", "5");
            default -> problem;
        };
    }

    private static int status(ProtocolException refused) {
        CloseCode code = refused.closeCode();
        if (code == CloseCode.TOO_BIG) {
            return 413;
        }
        if (code == CloseCode.POLICY) {
            return 403;
        }
        if (code == CloseCode.RATE_LIMIT) {
            return 429;
        }
        if (code == CloseCode.OVERLOAD || code == CloseCode.RESTARTING) {
            return 503;
        }
        return NO_ROOM.matcher(refused.summary()).matches() ? 507 : 422;
    }

    /** Adds a member to the object. */
    Problem with(String name, Object value) {
        members.put(name, value);
        return this;
    }

    Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    HttpAnswer answer() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("title", HttpAnswer.reason(status));
        object.put("status", status);
        String detail = String.valueOf(getMessage());
        if (!detail.isEmpty()) {
            object.put("detail", detail);
        }
        object.putAll(members);
        HttpAnswer answer = Json.answer(status, "application/problem+json", object);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
