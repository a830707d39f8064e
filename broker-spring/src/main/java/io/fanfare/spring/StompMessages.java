package io.fanfare.spring;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/** Frames as Spring's messages, and back. */
final class StompMessages {

    /** The application has identified the client: its credentials stay there. */
    private static final Set<String> NOT_OF_CONNECT = Set.of("login", "passcode", "Authorization", "authorization");

    private StompMessages() {}

    /**
     * The headers of STOMP that a message has, without {@code destination} and {@code content-length}.
     *
     * @param command CONNECT's leave out the credentials
     */
    static void addNativeHeaders(Headers.Builder to, MessageHeaders from, Command command) {
        if (!(from.get(NativeMessageHeaderAccessor.NATIVE_HEADERS) instanceof Map<?, ?> all)) {
            return;
        }
        all.forEach((name, values) -> {
            String header = String.valueOf(name);
            boolean isOurs = header.isEmpty() || header.equals("destination") || header.equals("content-length");
            boolean isSecret = command == Command.CONNECT && NOT_OF_CONNECT.contains(header);
            if (!isOurs && !isSecret && values instanceof List<?> list) {
                list.forEach(value -> to.add(header, value == null ? "" : value.toString()));
            }
        });
    }

    /**
     * The payload's octets.
     *
     * @throws IllegalArgumentException when it has not been converted to them
     */
    static byte[] body(Message<?> message) {
        if (message.getPayload() instanceof byte[] bytes) {
            return bytes;
        }
        throw new IllegalArgumentException("the payload of a message to the broker is a byte[], not a "
                + message.getPayload().getClass().getName() + "; SimpMessagingTemplate converts it");
    }

    /** A frame for a client, with the destination as it has subscribed. */
    static Message<byte[]> message(
            Frame frame,
            UserDestinations users,
            String sessionId,
            @Nullable Principal user,
            OutboundBuffer.Stamp stamp) {
        Headers headers = frame.headers();
        Map<String, List<String>> nativeHeaders = new LinkedHashMap<>(headers.size() * 2);
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            String value = headers.value(i);
            if (name.equals("destination")) {
                value = users.shown(value);
            }
            // Spring's encoder counts the body itself
            if (!name.equals("content-length")) {
                nativeHeaders.computeIfAbsent(name, any -> new ArrayList<>(1)).add(value);
            }
        }
        StompHeaderAccessor accessor =
                StompHeaderAccessor.create(StompCommand.valueOf(frame.command().name()), nativeHeaders);
        return message(accessor, frame.body(), sessionId, user, stamp);
    }

    static Message<byte[]> heartBeat(String sessionId, @Nullable Principal user, OutboundBuffer.Stamp stamp) {
        return message(StompHeaderAccessor.createForHeartbeat(), new byte[] {'\n'}, sessionId, user, stamp);
    }

    /** An ERROR that makes Spring close the WebSocket. */
    static Message<byte[]> error(String text, String sessionId, @Nullable Principal user, OutboundBuffer.Stamp stamp) {
        StompHeaderAccessor accessor = StompHeaderAccessor.create(StompCommand.ERROR);
        accessor.setMessage(text);
        return message(accessor, new byte[0], sessionId, user, stamp);
    }

    private static Message<byte[]> message(
            StompHeaderAccessor accessor,
            byte[] body,
            String sessionId,
            @Nullable Principal user,
            OutboundBuffer.Stamp stamp) {
        accessor.setSessionId(sessionId);
        if (user != null) {
            accessor.setUser(user);
        }
        accessor.setHeader(stamp.name(), stamp.value());
        accessor.setLeaveMutable(true);
        return MessageBuilder.createMessage(body, accessor.getMessageHeaders());
    }
}
