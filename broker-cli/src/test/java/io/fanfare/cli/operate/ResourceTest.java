package io.fanfare.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.cli.output.Colours;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Lists and single things for people. */
class ResourceTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-28T12:01:30Z"));

    static JsonNode json(String withApostrophes) {
        try {
            return new ObjectMapper().readTree(withApostrophes.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTableHasUnitsAndTheAgeOfTheOldestMessage() {
        JsonNode page = json("{'items':[{'destination':'/queue/a','depth':1200,'unacknowledged':0,'delayed':0,"
                + "'bytes':2048,'consumers':1,'oldest':'2026-11-28T12:00:00.000Z','messages_in':5,'messages_out':4},"
                + "{'destination':'/queue/b','depth':0,'unacknowledged':0,'delayed':0,"
                + "'bytes':0,'consumers':1,'oldest':null,'messages_in':0,'messages_out':0}],'total':2}");

        assertThat(Resource.QUEUES.table(page, Colours.OFF, CLOCK).lines().map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "destination|depth|unacknowledged|delayed|bytes|consumers|oldest|messages in|messages out",
                        "/queue/a|1,200|0|0|2.0 KiB|1|1 min 30 s|5|4",
                        "/queue/b|0|0|0|0 B|1|-|0|0");
    }

    @Test
    void aPageThatDoesNotHaveAllSaysHowManyThereAre() {
        JsonNode page = json("{'items':[{'destination':'/topic/a'}],'total':7}");

        assertThat(Resource.TOPICS.table(page, Colours.OFF, CLOCK).lines())
                .last()
                .isEqualTo("1 of 7; --limit, --offset and --filter choose others");
    }

    @Test
    void theColumnOfPresenceIsThereOnlyWhereATopicHasIt() {
        String topic = "{'destination':'/topic/a','subscribers':1,'messages_in':2,'messages_out':3,'retained':4,"
                + "'history':5,'present':";
        JsonNode without = json("{'items':[" + topic + "null}," + topic + "null}],'total':2}");
        JsonNode with = json("{'items':[" + topic + "null}," + topic + "0}," + topic + "7}],'total':3}");

        assertThat(Resource.TOPICS
                        .table(without, Colours.OFF, CLOCK)
                        .lines()
                        .map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "destination|subscribers|messages in|messages out|retained|history",
                        "/topic/a|1|2|3|4|5",
                        "/topic/a|1|2|3|4|5");
        assertThat(Resource.TOPICS.table(with, Colours.OFF, CLOCK).lines().map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "destination|subscribers|messages in|messages out|retained|history|present",
                        "/topic/a|1|2|3|4|5|-",
                        "/topic/a|1|2|3|4|5|0",
                        "/topic/a|1|2|3|4|5|7");
    }

    @Test
    void anEmptyListIsASentence() {
        assertThat(Resource.TOPICS.table(json("{'items':[],'total':0}"), Colours.OFF, CLOCK))
                .startsWith("there is no topic");
        assertThat(Resource.TOPICS.table(json("{'items':[],'total':3}"), Colours.OFF, CLOCK))
                .startsWith("none of 3 is on this page");
    }

    @Test
    void whatClientsChoseDoesNothingToTheTerminalAndIsCutInTables() {
        String long60 = "x".repeat(Cells.MAX_CHARACTERS);
        JsonNode page = json(
                "{'items':[{'connection':'c','id':'" + long60 + "','user':'\\u001b[2J\\n','destinations':['a','b'],"
                        + "'selector':'" + long60 + "y','durable':false}],'total':1}");

        assertThat(Resource.SUBSCRIPTIONS.table(page, Colours.OFF, CLOCK))
                .contains("\\u001b[2J\\u000a", " a,b ", " no ", " " + long60 + " ", "x…")
                .doesNotContain("y");
    }

    @Test
    void oneThingHasALineForEachMember() {
        JsonNode one = json("{'id':'c1','age_ms':61000,'outbox_bytes':10,'heart_beat_lag_ms':0,'user':''}");

        assertThat(Resource.lines(one, Colours.OFF, CLOCK).lines())
                .containsExactly(
                        "id              c1",
                        "age             1 min 1 s",
                        "outbox          10 B",
                        "heart-beat lag  0 ms",
                        "user            -");
    }

    @Test
    void namesAreOneSegmentOfThePathWhateverIsInThem() {
        assertThat(Resource.QUEUES.path("/queue/a b")).isEqualTo("/queues/%2Fqueue%2Fa%20b");
        assertThat(Resource.SUBSCRIPTIONS.path("c1", "ü+?")).isEqualTo("/subscriptions/c1/%C3%BC%2B%3F");
    }
}
