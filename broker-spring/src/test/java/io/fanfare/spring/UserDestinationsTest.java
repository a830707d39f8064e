package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import org.junit.jupiter.api.Test;

/** Destinations of users between Spring's words and the broker's. */
class UserDestinationsTest {

    private final UserDestinations users = new UserDestinations("/user/");

    @Test
    void aNameIsEncodedForTheBrokerWhateverIsInIt() {
        assertThat(users.recipient("/user/alice/queue/news").destination()).isEqualTo("/user/alice/queue/news");
        assertThat(users.recipient("/user/a%2Fb,c%/queue/news").destination())
                .isEqualTo("/user/a%2Fb%2Cc%25/queue/news");
        assertThat(users.recipient("/user/a b+c/queue/news").destination()).isEqualTo("/user/a%20b%2Bc/queue/news");
    }

    @Test
    void aDestinationThatLacksItsSecondPartIsLeftForTheBrokerToRefuse() {
        assertThat(users.recipient("/user/alice").destination()).isEqualTo("/user/alice/");
    }

    @Test
    void oneSessionHasANameOfItsOwn() {
        assertThat(users.recipient("/user/alice/queue/news").destination("c7"))
                .isEqualTo("/temp-topic//c7/spring-user/queue/news");
        assertThat(users.forSubscribe("/user/queue/news", true))
                .isEqualTo("/user/queue/news,/temp-topic/spring-user/queue/news");
        assertThat(users.shown("/temp-topic/spring-user/queue/news")).isEqualTo("/user/queue/news");
    }

    @Test
    void othersOfAJoinedDestinationStayAsTheyAre() {
        assertThat(users.forSubscribe("/topic/a, /user/queue/news", false)).isEqualTo("/topic/a,/user/queue/news");
        assertThat(users.shown("/topic/a")).isEqualTo("/topic/a");
    }

    @Test
    void durableSubscriptionsAndCursorsAreOfOneDestination() {
        assertThat(UserDestinations.areOfOne(Headers.of("id", "0", "durable", "true")))
                .isTrue();
        assertThat(UserDestinations.areOfOne(Headers.of("id", "0", "from", "first")))
                .isTrue();
        assertThat(UserDestinations.areOfOne(Headers.of("id", "0", "selector", "a = 1")))
                .isFalse();
    }
}
