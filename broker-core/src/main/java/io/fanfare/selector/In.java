package io.fanfare.selector;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code header IN (a, b)}: the same as {@code header = a OR header = b}, with the texts looked up at once. */
record In(Value.Header header, Set<String> texts, List<Numeric> numbers) implements Condition {
    @Override
    public Truth test(Function<String, @Nullable String> headers) {
        String text = header.text(headers);
        if (text == null) {
            return Truth.UNKNOWN;
        }
        if (texts.contains(text)) {
            return Truth.TRUE;
        }
        return numbers.isEmpty() ? Truth.FALSE : amongNumbers(text);
    }

    private Truth amongNumbers(String text) {
        Numeric value = NumberText.read(text);
        if (value == null) {
            return Truth.UNKNOWN;
        }
        return Truth.of(numbers.stream().anyMatch(number -> Numeric.compare(value, number) == 0));
    }
}
