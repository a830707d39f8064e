package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.admin.ApiServer.Answer;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API refuses, and how it says so. */
class ApiRefusalsIT {

    private static final int MAX_BODY_BYTES = 2_000;
    private static final int MAX_FRAME_BYTES = 1_000;

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = new ApiServer(builder -> builder.admin(a -> a.maxBodyBytes(MAX_BODY_BYTES))
                .broker(BrokerOptions.builder()
                        .limits(l -> l.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(MAX_FRAME_BYTES)))
                        .queues(q -> q.maxQueueMessages(1))
                        .build()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Response raw(String request) {
        return RawWebSocket.response(server.raw().sends(request.getBytes(ISO_8859_1)));
    }

    // ---- JSON -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'destination':}|1|16",
                "{'destination':'/topic/a'|1|26",
                "{'a':1,'a':2}|1|11",
                "{} {}|1|4",
                "nothing|1|1",
                "{'a':01}|1|7",
                "{'a':NaN}|1|9"
            })
    @DisplayName("case 88: a body that is not JSON is 400, with line and column")
    void aBrokenBodyIsABadRequestWithLineAndColumn(String body, int line, int column) {
        Answer answer = server.post("/publish", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("line").asInt()).isEqualTo(line);
        assertThat(answer.json().path("column").asInt()).as(answer.detail()).isBetween(column - 2, column + 2);
        assertThat(answer.detail())
                .contains("line " + line)
                .doesNotContain("com.fasterxml", "StreamReadFeature", "JsonReadFeature");
    }

    @Test
    void theLineIsCounted() {
        assertThat(server.post("/publish", "{\n\n  'a' 1}").json().path("line").asInt())
                .isEqualTo(3);
    }

    @Test
    void anEmptyBodyIsABadRequest() {
        assertThat(server.post("/publish", "").status()).isEqualTo(400);
    }

    @Test
    void textThatIsNotUtf8IsABadRequest() {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/publish"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray("{\"destination\":\"/topic/\u00ff\"}".getBytes(ISO_8859_1)))
                .build();
        assertThat(server.answer(request).status()).isEqualTo(400);
    }

    @Test
    @DisplayName("case 88: depth and numbers have limits")
    void depthAndNumbersAreLimited() {
        String head = "{'destination':'/topic/a','json':";
        assertThat(server.post("/publish", head + "[".repeat(60) + "]".repeat(60) + "}")
                        .status())
                .isEqualTo(200);
        assertThat(server.post("/publish", head + "[".repeat(70) + "]".repeat(70) + "}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/publish", head + "1".repeat(100) + "}").status())
                .isEqualTo(200);
        Answer refused = server.post("/publish", head + "1".repeat(101) + "}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.detail())
                .contains("at most 64 levels", "100 characters in a number")
                .doesNotContain("Stream");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|422 Unprocessable Content",
                "{|400 Bad Request",
                "{'destination':'/queue/a','headers':{'a':'~'}}|413 Content Too Large"
            })
    void theStatusLineSaysWhatTheTitleSays(String body, String status) {
        String json = body.replace('\'', '"').replace("~", "x".repeat(MAX_FRAME_BYTES));
        String answer = new String(
                server.raw()
                        .sends(("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: " + json.length() + "\r\n\r\n" + json)
                                .getBytes(ISO_8859_1))
                        .readToEnd(),
                ISO_8859_1);
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + "\r\n")
                .contains("\"title\":\"" + status.substring(4) + "\"");
    }

    @Test
    void aCompressedBodyIsAnUnsupportedType() {
        Answer answer = server.post("/publish", "{'destination':'/topic/a'}", "Content-Encoding", "gzip");
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.detail()).contains("Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/queues?limit=1&limit=2", "/connections?user=a&user=%61", "/history?after=1&after="})
    void aParameterThatComesTwiceIsABadRequest(String path) {
        Answer answer = server.get(path);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).contains("comes twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "null",
                "{}",
                "{'destination':1}",
                "{'destination':'/topic/a','bdy':'x'}",
                "{'destination':'/topic/a','body':1}",
                "{'destination':'/topic/a','body':'x','json':1}",
                "{'destination':'/topic/a','base64':'*'}",
                "{'destination':'/topic/a','headers':[]}",
                "{'destination':'/topic/a','headers':{'a':null}}",
                "{'destination':'/topic/a','headers':{'a':{}}}",
                "{'destination':'/topic/a','headers':{'':'x'}}",
                "{'destination':'/topic/a','headers':{'destination':'/topic/b'}}",
                "{'destination':'/topic/a','headers':{'a':'\\u0000'}}",
                "{'destination':'/topic/a','headers':{'a\\u0000':'b'}}",
                "{'destination':'/topic/a','body':'\\ud800'}",
                "{'destination':'/topic/a','headers':{'priority':'x'}}",
                "{'destination':'/topic/a','headers':{'user-id':'root'}}",
                "{'destination':'/topic/a','headers':{'receipt':'1'}}",
                "{'destination':'/topic/a','headers':{'transaction':'t'}}",
                "{'messages':[]}",
                "{'messages':{}}",
                "{'messages':[1]}",
                "{'messages':[{'destination':'/topic/a'}],'destination':'/topic/a'}"
            })
    void whatHasNoMeaningIsUnprocessable(String body) {
        Answer answer = server.post("/publish", body);
        assertThat(answer.status()).as(answer.detail()).isEqualTo(422);
        assertThat(answer.detail()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "/topics/a", "/", "", "topic/a", "/temp-queue/a", "/topic/a.*", "/broker/auth"})
    void anUnknownFormOfDestinationIsUnprocessableAndNamesThePrefixes(String destination) {
        Answer answer = server.post("/publish", "{'destination':'" + destination + "'}");
        assertThat(answer.status()).isEqualTo(422);
        if (!destination.startsWith("/t") || destination.equals("/topics/a")) {
            assertThat(answer.detail()).contains("/topic/", "/queue/", "/user/");
        }
    }

    // ---- limits -----------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("case 88: a body over the limit is 413 with the limit's key, in chunks too")
    void aBodyIsLimitedToTheByte() {
        String json = "{\"destination\":\"/topic/a\",\"body\":\"x\"}";
        String padded = json + " ".repeat(MAX_BODY_BYTES - json.length());
        assertThat(server.post("/publish", padded).status()).isEqualTo(200);
        Answer answer = server.post("/publish", padded + " ");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("key").asText()).isEqualTo("max_body_bytes");
        assertThat(chunked(padded).status()).isEqualTo(200);
        Response refused = chunked(padded + " ");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.body()).contains("max_body_bytes");
    }

    private static Response chunked(String body) {
        StringBuilder request = new StringBuilder("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < body.length(); i += 100) {
            String part = body.substring(i, Math.min(body.length(), i + 100));
            request.append(Integer.toHexString(part.length()))
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        }
        return raw(request.append("0\r\n\r\n").toString());
    }

    @Test
    @DisplayName("case 88: an endless body is answered with 413 as soon as it is too large")
    void anEndlessBodyIsRefusedWhileItComes() {
        RawTcp client = server.raw();
        client.sends(("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n")
                .getBytes(ISO_8859_1));
        for (int i = 0; i <= MAX_BODY_BYTES / 100; i++) {
            client.sends(("64\r\n" + " ".repeat(100) + "\r\n").getBytes(ISO_8859_1));
        }
        assertThat(RawWebSocket.response(client).status()).isEqualTo(413);
    }

    @Test
    void aMessageIsLimitedAsAFrameIs() {
        Answer answer = server.post("/publish", "{'destination':'/topic/a','body':'" + "x".repeat(1_000) + "'}");
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("key").asText()).isEqualTo("max_frame_bytes");

        Answer words = server.post("/publish", "{'destination':'/topic/a" + ".a".repeat(100) + "'}");
        assertThat(words.status()).isEqualTo(413);
        assertThat(words.json().path("key").asText()).isEqualTo("max_destination_words");
    }

    @Test
    void aFullQueueHasNoRoom() {
        server.post("/publish", "{'destination':'/queue/full'}");
        Answer answer = server.post("/publish", "{'destination':'/queue/full'}");
        assertThat(answer.status()).isEqualTo(507);
        assertThat(answer.json().path("key").asText()).isEqualTo("max_queue_messages");
        server.delete("/queues/full");
    }

    // ---- HTTP -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""})
    @DisplayName("case 88: another media type is 415")
    void anotherMediaTypeIsUnsupported(String type) {
        Answer answer = server.post("/publish", "{'destination':'/topic/a'}", "Content-Type", type);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("Accept")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/publish,POST",
        "GET,/publish,POST",
        "POST,/overview,'GET, HEAD'",
        "PATCH,/queues/a,'DELETE, GET, HEAD'",
        "FOO,/connections,'GET, HEAD'",
        "OPTIONS,/publish,POST"
    })
    @DisplayName("case 88: another method is 405 with Allow")
    void anotherMethodIsNotAllowed(String method, String path, String allowed) {
        Answer answer = server.send(method, path, null);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1",
                "/api/v1/",
                "/api/v2/overview",
                "/api/v1/overview/",
                "/api/v1//overview",
                "/API/v1/overview",
                "/api/v1/../v1/overview",
                "/api/v1/queues/../overview",
                "/api/v1/openapi.yaml/../overview",
                "/api/v1/..%2F..%2Fetc%2Fpasswd",
                "/nothing"
            })
    @DisplayName("case 88: another path is 404, and dots lead nowhere")
    void anotherPathIsNotFound(String path) {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/queues/%", "/queues/%zz", "/queues/%ff", "/queues?filter=%e", "/queues/%c0%af"})
    void whatIsNotPercentEncodedIsABadRequest(String path) {
        assertThat(raw("GET /api/v1" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aReasonFitsIntoAClose() {
        assertThat(server.delete("/connections/x?reason=" + "x".repeat(100)).status())
                .isEqualTo(404);
        assertThat(server.delete("/connections/x?reason=" + "x".repeat(101)).status())
                .isEqualTo(400);
        assertThat(server.delete("/connections/x?reason=a%0Ab").status()).isEqualTo(400);
    }
}
