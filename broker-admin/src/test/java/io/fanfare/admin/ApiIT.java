package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.admin.ApiServer.Answer;
import io.fanfare.options.TopicRule;
import io.fanfare.testing.Await;
import io.fanfare.testing.StompSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every route of the API, on a server with clients. */
class ApiIT {

    private final ApiServer server = new ApiServer();

    @AfterEach
    void close() {
        server.close();
    }

    private static List<String> texts(Answer answer, String field) {
        List<String> texts = new ArrayList<>();
        answer.json().path("items").forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    // ---- publish ----------------------------------------------------------------------------------------------------

    @Test
    void aPublishedMessageReachesASubscriberAndTellsItsOutcome() {
        StompSocket bob = server.connect().subscribes("id:0\ndestination:/topic/a");
        Answer answer = server.post("/publish", "{'destination':'/topic/a','body':'hé','headers':{'n':1,'b':true}}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("matched").asInt()).isEqualTo(1);
        assertThat(answer.json().path("delivered").asInt()).isEqualTo(1);
        assertThat(answer.json().path("queued").asInt()).isZero();
        assertThat(answer.json().path("dropped").asInt()).isZero();
        var message = bob.gotMessage("hé");
        assertThat(message.header("message-id"))
                .isEqualTo(answer.json().path("message_id").asText());
        assertThat(message.header("n")).isEqualTo("1");
        assertThat(message.header("b")).isEqualTo("true");
    }

    @Test
    void aBodyIsJsonOrOctetsToo() {
        StompSocket bob = server.connect().subscribes("id:0\ndestination:/topic/a");
        server.post("/publish", "{'destination':'/topic/a','json':{'price':1.50,'big':1e400,'list':[null,true]}}");
        var message = bob.gotMessage("{\"price\":1.50,\"big\":1E+400,\"list\":[null,true]}");
        assertThat(message.header("content-type")).isEqualTo("application/json");
        server.post("/publish", "{'destination':'/topic/a','base64':'aGk='}");
        bob.gotMessage("hi");
        server.post("/publish", "{'destination':'/topic/a'}");
        bob.gotMessage("");
    }

    @Test
    void severalMessagesArePublishedInOrder() {
        StompSocket bob = server.connect().subscribes("id:0\ndestination:/topic/a");
        Answer answer = server.post(
                "/publish",
                "{'messages':[{'destination':'/topic/a','body':'1'},{'destination':'/topic/b','body':'2'},"
                        + "{'destination':'/topic/a','body':'3'}]}");
        assertThat(answer.json().path("results").size()).isEqualTo(3);
        assertThat(answer.json().path("results").get(1).path("dropped").asInt()).isEqualTo(1);
        assertThat(answer.json().path("results").get(1).path("message_id").isNull())
                .isTrue();
        bob.gotMessage("1");
        bob.gotMessage("3");
    }

    @Test
    void aListIsPublishedUpToTheFirstThatIsRefused() {
        Answer answer = server.post(
                "/publish",
                "{'messages':[{'destination':'/queue/a'},{'destination':'nowhere'},{'destination':'/queue/a'}]}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("index").asInt()).isEqualTo(1);
        assertThat(answer.json().path("results").size()).isEqualTo(1);
        assertThat(server.get("/queues/a").json().path("depth").asInt()).isEqualTo(1);
    }

    @Test
    void nothingOfAListIsPublishedWhenOneOfItIsNoMessage() {
        Answer answer = server.post("/publish", "{'messages':[{'destination':'/queue/a'},{'body':'1'}]}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("index").asInt()).isEqualTo(1);
        assertThat(server.broker().queueCount()).isZero();
    }

    // ---- presence ---------------------------------------------------------------------------------------------------

    @Test
    void theSessionsThatArePresentAreListedInParts() {
        server.broker().topicRules(List.of(TopicRule.of("/topic/room.#").withPresence()));
        server.connectAs("alice").subscribes("id:0\ndestination:/topic/room.a");
        server.connectAs("bob").subscribes("id:0\ndestination:/topic/room.a");
        server.connectAs("carol").subscribes("id:0\ndestination:/topic/#");
        Await.until(
                "both are told",
                () -> texts(server.get("/topics/room.a/presence?sort=user"), "user")
                        .equals(List.of("alice", "bob")));
        Answer part = server.get("/topics/%2Ftopic%2Froom.a/presence?sort=user&offset=1&limit=1");
        assertThat(part.json().path("total").asInt()).isEqualTo(2);
        assertThat(texts(part, "user")).containsExactly("bob");
        assertThat(texts(part, "since"))
                .allMatch(since -> Instant.parse(since).isBefore(Instant.now().plusSeconds(1)));
        String session = texts(part, "session").get(0);
        assertThat(server.get("/connections/" + session).json().path("user").asText())
                .isEqualTo("bob");
        assertThat(server.get("/topics/room.a").json().path("present").asInt()).isEqualTo(2);
        JsonNode topics = server.get("/topics?sort=-present&filter=room").json().path("items");
        assertThat(topics.get(0).path("destination").asText()).isEqualTo("/topic/room.a");
        server.connectAs("dave").subscribes("id:0\ndestination:/topic/other");
        assertThat(server.get("/topics/other").json().path("present").isNull()).isTrue();
        assertThat(server.get("/topics/room.b/presence").json().path("total").asInt())
                .isZero();
        Answer other = server.get("/topics/other/presence");
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.detail()).contains("presence: true");
        assertThat(server.get("/topics/room.*/presence").status()).isEqualTo(422);
    }

    // ---- connections and subscriptions ------------------------------------------------------------------------------

    @Test
    void connectionsAreListedFilteredAndClosed() {
        StompSocket alice = server.connectAs("alice").subscribes("id:0\ndestination:/topic/a");
        server.connectAs("bob");
        Answer all = server.get("/connections?sort=user");
        assertThat(all.json().path("total").asInt()).isEqualTo(2);
        assertThat(texts(all, "user")).containsExactly("alice", "bob");
        assertThat(texts(server.get("/connections?sort=-user&limit=1"), "user")).containsExactly("bob");
        assertThat(texts(server.get("/connections?sort=user&offset=1"), "user")).containsExactly("bob");
        assertThat(texts(server.get("/connections?filter=ALI"), "user")).containsExactly("alice");
        assertThat(texts(server.get("/connections?user=bob&transport=tcp"), "user"))
                .containsExactly("bob");
        assertThat(server.get("/connections?user=carol").json().path("total").asInt())
                .isZero();

        JsonNode shown = all.json().path("items").get(0);
        assertThat(shown.path("subscriptions").asInt()).isEqualTo(1);
        assertThat(shown.path("version").asText()).isEqualTo("1.2");
        assertThat(shown.path("since").asText()).matches("20\\d\\d-.*Z");
        String id = shown.path("id").asText();
        assertThat(server.get("/connections/" + id).json().path("user").asText())
                .isEqualTo("alice");

        assertThat(server.delete("/connections/" + id + "?reason=bye%20bye").status())
                .isEqualTo(200);
        alice.gotError(4403, "bye bye");
        Await.until(
                "the connection is gone", () -> server.get("/connections/" + id).status() == 404);
        assertThat(server.delete("/connections/" + id).status()).isEqualTo(404);
    }

    @Test
    void subscriptionsAreListed() {
        server.connectAs("alice").subscribes("id:a b\ndestination:/topic/x.#\nack:client\nselector:n > 1");
        Answer all = server.get("/subscriptions?filter=/topic/x");
        assertThat(all.status()).as("%s", all.json()).isEqualTo(200);
        assertThat(all.json().path("total").asInt()).isEqualTo(1);
        JsonNode shown = all.json().path("items").get(0);
        assertThat(shown.path("user").asText()).isEqualTo("alice");
        assertThat(shown.path("selector").asText()).isEqualTo("n > 1");
        assertThat(shown.path("ack").asText()).isEqualTo("client");
        String connection = shown.path("connection").asText();
        assertThat(server.get("/subscriptions/" + connection + "/a%20b").json()).isEqualTo(shown);
        assertThat(server.get("/subscriptions/" + connection + "/b").status()).isEqualTo(404);
    }

    // ---- destinations -----------------------------------------------------------------------------------------------

    @Test
    void aTopicsLastValuesAreListedAndCleared() {
        for (String key : new String[] {"x", "y", "z"}) {
            server.post(
                    "/publish",
                    "{'destination':'/topic/kept','body':'" + key + "1','headers':{'retain':'set','retain-key':'" + key
                            + "'}}");
        }
        assertThat(server.get("/topics/kept").json().path("retained").asInt()).isEqualTo(3);
        assertThat(server.get("/topics/kept").json().path("history").asInt()).isZero();
        JsonNode first = server.get("/topics/kept/values?limit=2").json().path("values");
        assertThat(first).extracting(value -> value.path("key").asText()).containsExactly("x", "y");
        assertThat(first.get(1).path("body").asText()).isEqualTo("y1");
        assertThat(first.get(1).path("headers").path("retain-key").asText()).isEqualTo("y");
        String position = first.get(1).path("position").asText();
        assertThat(server.get("/topics/%2Ftopic%2Fkept/values?after=" + position)
                        .json()
                        .path("values"))
                .extracting(value -> value.path("key").asText())
                .containsExactly("z");
        assertThat(server.delete("/topics/kept/kept").json().path("cleared").asInt())
                .isEqualTo(3);
        assertThat(server.get("/topics/kept").json().path("retained").asInt()).isZero();
        assertThat(server.get("/topics/kept/values").json().path("values")).isEmpty();
        assertThat(server.get("/topics/none/values").status()).isEqualTo(404);
        assertThat(server.delete("/topics/none/kept").status()).isEqualTo(404);
        assertThat(server.get("/topics/kept/values?limit=101").status()).isEqualTo(400);
        assertThat(server.get("/topics/kept/values?after=x").status()).isEqualTo(400);
    }

    @Test
    void topicsAreListed() {
        server.connect().subscribes("id:0\ndestination:/topic/a/b").publishes("/topic/a/b", "hi");
        assertThat(texts(server.get("/topics"), "destination")).containsExactly("/topic/a/b");
        Answer topic = server.get("/topics/a%2Fb");
        assertThat(topic.json().path("subscribers").asInt()).isEqualTo(1);
        assertThat(topic.json().path("messages_in").asInt()).isEqualTo(1);
        assertThat(topic.json().path("messages_out").asInt()).isEqualTo(1);
        assertThat(server.get("/topics/%2Ftopic%2Fa%2Fb").json()).isEqualTo(topic.json());
        assertThat(server.get("/topics/nothing").status()).isEqualTo(404);
    }

    @Test
    void aQueueIsPeekedMovedPurgedAndDeleted() {
        server.connect().publishes("/queue/a.b", "{\"n\":1}").publishes("/queue/a.b", "2");
        server.post("/publish", "{'destination':'/queue/a.b','base64':'/w=='}");
        assertThat(texts(server.get("/queues?sort=-depth"), "depth")).containsExactly("3");

        Answer peeked = server.get("/queues/a.b/messages?limit=2");
        JsonNode first = peeked.json().path("messages").get(0);
        assertThat(peeked.json().path("messages").size()).isEqualTo(2);
        assertThat(first.path("body").asText()).isEqualTo("{\"n\":1}");
        assertThat(first.path("headers").path("destination").asText()).isEqualTo("/queue/a.b");
        String after = peeked.json().path("messages").get(1).path("position").asText();
        JsonNode last = server.get("/queues/a.b/messages?after=" + after).json().path("messages");
        assertThat(last.size()).isEqualTo(1);
        assertThat(last.get(0).path("base64").asText()).isEqualTo("/w==");
        assertThat(server.get("/queues/a.b").json().path("depth").asInt()).isEqualTo(3);

        assertThat(server.post("/queues/a.b/move", "{'to':'/queue/c'}")
                        .json()
                        .path("moved")
                        .asInt())
                .isEqualTo(3);
        assertThat(server.get("/queues/a.b").status()).isEqualTo(404);
        assertThat(server.delete("/queues/c/messages").json().path("purged").asInt())
                .isEqualTo(3);

        StompSocket consumer = server.connect().publishes("/queue/d", "1");
        consumer.subscribes("id:0\ndestination:/queue/d\nack:client");
        assertThat(server.delete("/queues/d").status()).isEqualTo(409);
        consumer.gotMessage("1");
        consumer.vanishes();
        Await.until("the queue is deleted", () -> server.delete("/queues/d").status() == 200);
        assertThat(server.get("/queues").json().path("total").asInt()).isZero();
    }

    @Test
    void aMoveNeedsAQueueAtBothEnds() {
        server.connect().publishes("/queue/a", "1");
        assertThat(server.post("/queues/a/move", "{'to':'/topic/b'}").status()).isEqualTo(422);
        assertThat(server.post("/queues/a/move", "{}").status()).isEqualTo(422);
        assertThat(server.post("/queues/nothing/move", "{'to':'/queue/b'}").status())
                .isEqualTo(404);
    }

    @Test
    void durableSubscriptionsAreListedAndDeleted() {
        StompSocket durable = server.connectAs("bob\nclient-id:desk");
        durable.subscribes("id:news\ndestination:/topic/a\ndurable:true");
        Answer all = server.get("/durable-subscriptions?client_id=desk");
        JsonNode shown = all.json().path("items").get(0);
        assertThat(shown.path("name").asText()).isEqualTo("news");
        assertThat(shown.path("connected").asBoolean()).isTrue();
        String path = "/durable-subscriptions/" + shown.path("id").asText();
        assertThat(server.delete(path).status()).isEqualTo(409);
        durable.vanishes();
        Await.until("it is deleted", () -> server.delete(path).status() == 200);
        assertThat(server.get(path).status()).isEqualTo(404);
        assertThat(server.delete(path).status()).isEqualTo(404);
    }

    // ---- the server -------------------------------------------------------------------------------------------------

    @Test
    void theOverviewCounts() {
        server.connect().publishes("/queue/a", "1");
        JsonNode shown = server.get("/overview").json();
        assertThat(shown.path("connections").asInt()).isEqualTo(1);
        assertThat(shown.path("queues").asInt()).isEqualTo(1);
        assertThat(shown.path("memory_bytes").asLong()).isPositive();
        assertThat(shown.path("draining").asBoolean()).isFalse();
    }

    @Test
    void limitsHaveTheirKeys() {
        server.connect();
        JsonNode items = server.get("/limits").json().path("items");
        assertThat(items.get(0).path("key").asText()).isEqualTo("max_connections");
        assertThat(items.get(0).path("used").asInt()).isEqualTo(1);
        assertThat(items.get(0).path("limit").asInt()).isEqualTo(50_000);
    }

    @Test
    void theConfigurationIsShown() {
        JsonNode shown = server.get("/configuration").json();
        assertThat(shown.path("listen.host").asText()).isEqualTo("127.0.0.1");
        assertThat(shown.path("broker.limits.frame_limits.max_headers").asText())
                .isEqualTo("64");
    }

    @Test
    void theDescriptionNeedsNoLogin() throws Exception {
        Answer answer = server.get("/openapi.yaml");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(answer.response().body())
                .isEqualTo(AdminApi.class.getResourceAsStream("openapi.yaml").readAllBytes());
    }

    @Test
    void headIsGetWithoutTheBody() {
        Answer answer = server.send("HEAD", "/overview", null);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.response().body()).isEmpty();
    }

    @Test
    void answersAreKeptByNoCache() {
        Answer answer = server.get("/overview");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void aDrainClosesTheClients() {
        StompSocket bob = server.connect();
        assertThat(server.post("/drain", "{'over_ms':3600001}").status()).isEqualTo(422);
        Answer answer = server.post("/drain", "{'over_ms':0}");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(bob.next().header("message")).matches("restarting; retry-after=\\d{1,4}ms");
        bob.gotEnd(1012);
        assertThat(server.get("/overview").json().path("draining").asBoolean()).isTrue();
        Answer refused = server.post("/publish", "{'destination':'/topic/a'}");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
    }
}
