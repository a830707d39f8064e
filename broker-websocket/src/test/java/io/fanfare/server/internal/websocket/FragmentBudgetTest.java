package io.fanfare.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.ProtocolException;
import org.junit.jupiter.api.Test;

class FragmentBudgetTest {

    @Test
    void theErrorNamesTheNumberTheLimitAndItsRule() {
        FragmentBudget budget = new FragmentBudget();
        budget.add(6400, false);
        for (int i = 1; i < 1124; i++) {
            budget.add(0, false);
        }

        assertThatThrownBy(() -> budget.add(0, false))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a message of 6,400 B has 1,125 fragments, its limit is 1,124 (1,024 and one more for each"
                        + " 64 B)");
    }
}
