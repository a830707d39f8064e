package io.fanfare.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Heads of MESSAGE frames, and the events that stand for them. */
class EventEncoderTest {

    private final EventEncoder encoder = new EventEncoder();

    private String event(String head, byte[] body, boolean isText) {
        encoder.encode(("MESSAGE\n" + head + "\n").getBytes(UTF_8), body, isText);
        return new String(encoder.array(), 0, encoder.length(), UTF_8);
    }

    @Test
    void anEventHasHeadersDestinationBodyAndId() {
        assertThat(event("message-id:x-1-2\ndestination:/topic/a\n", "hi".getBytes(UTF_8), true))
                .isEqualTo("data: {\"headers\":{\"message-id\":\"x-1-2\",\"destination\":\"/topic/a\"},"
                        + "\"destination\":\"/topic/a\",\"body\":\"hi\"}\nid: x-1-2\n\n");
    }

    @Test
    void theIdIsThePlaceInATopicThatKeepsMessages() {
        assertThat(event("message-id:x-1-2\nseq:7\nepoch:s1k-9\ndestination:/topic/a\nseq:8\n", new byte[0], true))
                .contains("\"message-id\":\"x-1-2\",\"seq\":\"7\",\"epoch\":\"s1k-9\"")
                .endsWith("\nid: s1k-9-7\n\n");
    }

    @Test
    void whatIsNoMessageHasNoId() {
        assertThat(event("destination:/topic/a\nsnapshot:end\n", new byte[0], true))
                .endsWith("\"destination\":\"/topic/a\",\"body\":\"\"}\n\n");
    }

    @Test
    void lineEndsAndQuotationMarksOfABodyDoNotEndTheEvent() {
        assertThat(event(
                        "message-id:x-1-2\ndestination:/topic/a\n",
                        "a\n\nid: 7\r\"\\\u0000é\u2028".getBytes(UTF_8),
                        true))
                .contains("\"body\":\"a\\n\\nid: 7\\r\\\"\\\\\\u0000é\u2028\"}\nid: x-1-2\n\n")
                .satisfies(event -> assertThat(event.lines()).hasSize(3));
    }

    @Test
    void escapesOfStompBecomeThoseOfJson() {
        assertThat(event("a\\cb:c\\nd\\re\\\\f\\cg\nmessage-id:x-1-2\ndestination:/topic/a\n", new byte[0], true))
                .startsWith("data: {\"headers\":{\"a:b\":\"c\\nd\\re\\\\f:g\",")
                .contains("\"body\":\"\"}");
    }

    @Test
    void ofRepeatedHeadersTheFirstCounts() {
        assertThat(event(
                        "n:1\nmessage-id:x-1-2\nn:2\ndestination:/topic/a\ndestination:/topic/b\nnn:3\n",
                        new byte[0],
                        true))
                .startsWith(
                        "data: {\"headers\":{\"n\":\"1\",\"message-id\":\"x-1-2\",\"destination\":\"/topic/a\",\"nn\":\"3\"},"
                                + "\"destination\":\"/topic/a\",");
    }

    @Test
    void aBodyThatIsNotUtf8IsBase64() {
        assertThat(event("message-id:x-1-2\ndestination:/topic/a\n", new byte[] {(byte) 0xFF, 0}, false))
                .endsWith("\"base64\":\"/wA=\"}\nid: x-1-2\n\n");
    }

    @Test
    void moreHeadersAndLargerBodiesThanTheArraysAtFirst() {
        StringBuilder head = new StringBuilder("message-id:x-1-2\ndestination:/topic/a\n");
        for (int i = 0; i < 64; i++) {
            head.append("h").append(i).append(":v\n");
        }
        String body = "\n".repeat(1 << 20);
        assertThat(event(head.toString(), body.getBytes(UTF_8), true))
                .contains("\"h63\":\"v\"}", "\"" + "\\n".repeat(1 << 20) + "\"");
        // the next one begins with a small array again
        assertThat(event("message-id:x-1-3\ndestination:/topic/a\n", "b".getBytes(UTF_8), true))
                .endsWith("\"body\":\"b\"}\nid: x-1-3\n\n");
        assertThat(encoder.array()).hasSizeLessThan(1 << 20);
    }
}
