package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.admin.ApiServer.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters of lists: a mistake is told, instead of an empty list that looks like an answer. */
class ApiParametersIT {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = new ApiServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/connections?limit=0",
                "/connections?limit=1001",
                "/connections?limit=x",
                "/connections?limit=99999999999",
                "/connections?offset=-1",
                "/connections?offset=19001",
                "/connections?sort=nothing",
                "/connections?nothing=1",
                "/connections?compressed=maybe",
                "/subscriptions?durable=TRUE",
                "/queues?shared=",
                "/queues?depth=many",
                "/topics?subscribers=1.5",
                "/queues/a/messages?limit=101",
                "/queues/a/messages?after=x",
                "/overview?x=1"
            })
    void anUnknownOrMalformedParameterIsABadRequest(String path) {
        Answer answer = server.get(path);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.detail()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/connections?limit=1000",
                "/connections?offset=19000",
                "/connections?age_ms=9223372036854775808",
                "/queues?shared=false&depth=0&filter=maybe"
            })
    void whatFieldsMayHaveIsTaken(String path) {
        assertThat(server.get(path).status()).isEqualTo(200);
    }
}
