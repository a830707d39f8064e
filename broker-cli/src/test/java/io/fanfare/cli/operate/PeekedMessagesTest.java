package io.fanfare.cli.operate;

import static io.fanfare.cli.operate.ResourceTest.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.cli.output.Colours;
import org.junit.jupiter.api.Test;

class PeekedMessagesTest {

    private static final String START = "[{'position':'9','message_id':'t-1-1','timestamp':'2026-11-28T12:00:00.000Z',"
            + "'priority':4,'deliveries':1,'headers':{'a':'\\u001b','destination':'/queue/a'},'bytes':7,";

    private static String text(String rest) {
        return PeekedMessages.text(json(START + rest + "}]"), "none", Colours.OFF);
    }

    @Test
    void jsonIsLaidOutUnderTheHeaders() {
        assertThat(text("'body':'{\\'a\\':1.10}'".replace("\\'", "\\\"")).lines())
                .containsExactly(
                        "t-1-1  2026-11-28T12:00:00.000Z  priority 4  deliveries 1  7 B  position 9",
                        "a:\\u001b",
                        "destination:/queue/a",
                        "  {",
                        "    \"a\" : 1.10",
                        "  }");
    }

    @Test
    void otherBodiesAreShownAsTheyAre() {
        assertThat(text("'body':'{no json\\u0007'")).endsWith("  {no json\\u0007" + System.lineSeparator());
        assertThat(text("'body':'1 2'")).endsWith("  1 2" + System.lineSeparator());
        assertThat(text("'base64':'/wA='")).endsWith("  (base64) /wA=" + System.lineSeparator());
    }

    @Test
    void anEmptyQueueIsASentence() {
        assertThat(PeekedMessages.text(json("[]"), "none here", Colours.OFF)).startsWith("none here");
    }

    @Test
    void aLastValueHasItsKeyAndNoPriority() {
        String value =
                "[{'position':'7','key':'ACME','timestamp':'2026-11-28T12:00:00Z','headers':{},'bytes':2,'body':'41'}]";
        assertThat(PeekedMessages.text(json(value), "none", Colours.OFF).lines())
                .containsExactly("ACME  2026-11-28T12:00:00Z  2 B  position 7", "  41");
        assertThat(PeekedMessages.text(json(value.replace("ACME", "")), "none", Colours.OFF))
                .startsWith("(no key)  ");
    }
}
