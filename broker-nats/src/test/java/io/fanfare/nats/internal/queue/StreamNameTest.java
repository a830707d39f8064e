package io.fanfare.nats.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamNameTest {

    @Test
    void aQueueHasAStreamAndASubjectOfTheClustersName() {
        assertThat(StreamName.of("prod", Destination.queue("orders")))
                .isEqualTo(new StreamName("fanfare_prod_queue_orders", "fanfare.prod.queue.orders"));
    }

    @Test
    void twoQueuesNeverHaveTheSameStream() {
        String longest = "q".repeat(255);
        List<String> names = List.of(
                "a.b",
                "a/b",
                "a_b",
                "a_2eb",
                "a2eb",
                "A.b",
                "a b",
                "a*b",
                "a>b",
                "ü",
                "_c3_bc",
                longest,
                longest + "r",
                "." + longest);
        Set<String> streams = new HashSet<>();
        for (String each : names) {
            StreamName name = StreamName.of("x", Destination.queue(each));
            assertThat(name.stream()).matches("fanfare_x_queue_[A-Za-z0-9_-]{1,160}");
            assertThat(name.subject()).matches("fanfare\\.x\\.queue\\.[A-Za-z0-9_-]{1,160}");
            assertThat(streams.add(name.stream())).as(each).isTrue();
        }
    }
}
