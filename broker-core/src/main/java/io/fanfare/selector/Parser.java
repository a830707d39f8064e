package io.fanfare.selector;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Recursive descent, a method for each rule of the grammar in the package documentation. Only a parenthesis recurses,
 * and its depth is limited; chains of operators are loops here and lists in the tree.
 */
final class Parser {
    private final Source source;
    private final TokenCursor tokens;
    private int depth;

    private Parser(Source source) {
        this.source = source;
        tokens = new TokenCursor(source);
    }

    static Condition parse(Source source) {
        int length = source.text().length();
        if (length > Selector.MAX_LENGTH) {
            throw source.error(
                    Selector.MAX_LENGTH,
                    String.format(Locale.ROOT, "%,d characters exceed the limit of %,d", length, Selector.MAX_LENGTH));
        }
        return new Parser(source).selector();
    }

    private Condition selector() {
        if (tokens.type() == TokenType.END) {
            // JMS 3.1, 3.8.1.1: an empty selector is no selector
            return new Condition.Holds(new Value.BooleanLiteral(Truth.TRUE));
        }
        int start = tokens.position();
        Condition condition = condition(start, disjunction());
        if (tokens.type() != TokenType.END) {
            throw tokens.expected("AND, OR or the end");
        }
        return condition;
    }

    private Expression disjunction() {
        int start = tokens.position();
        Expression first = conjunction();
        if (tokens.type() != TokenType.OR) {
            return first;
        }
        List<Condition> terms = new ArrayList<>();
        terms.add(condition(start, first));
        while (tokens.skip(TokenType.OR)) {
            int next = tokens.position();
            terms.add(condition(next, conjunction()));
        }
        return new Condition.Or(List.copyOf(terms));
    }

    private Expression conjunction() {
        int start = tokens.position();
        Expression first = negation();
        if (tokens.type() != TokenType.AND) {
            return first;
        }
        List<Condition> terms = new ArrayList<>();
        terms.add(condition(start, first));
        while (tokens.skip(TokenType.AND)) {
            int next = tokens.position();
            terms.add(condition(next, negation()));
        }
        return new Condition.And(List.copyOf(terms));
    }

    private Expression negation() {
        if (tokens.type() != TokenType.NOT) {
            return predicate();
        }
        boolean negated = false;
        while (tokens.skip(TokenType.NOT)) {
            negated = !negated; // NOT NOT x is x, for UNKNOWN too
        }
        int start = tokens.position();
        return negatedIf(negated, condition(start, predicate()));
    }

    private Expression predicate() {
        int start = tokens.position();
        Expression left = sum();
        ComparisonOperator operator = ComparisonOperator.of(tokens.type());
        if (operator != null) {
            return comparison(start, left, operator);
        }
        if (tokens.type() == TokenType.IS) {
            return isNull(start, left);
        }
        boolean negated = tokens.skip(TokenType.NOT);
        return switch (tokens.type()) {
            case BETWEEN -> negatedIf(negated, between(start, left));
            case IN -> negatedIf(negated, in(start, left));
            case LIKE -> negatedIf(negated, like(start, left));
            default -> {
                if (negated) {
                    throw tokens.expected("BETWEEN, IN or LIKE");
                }
                yield left;
            }
        };
    }

    private static Condition negatedIf(boolean negated, Condition condition) {
        return negated ? new Condition.Not(condition) : condition;
    }

    private Condition comparison(int start, Expression left, ComparisonOperator operator) {
        Value first = value(start, left);
        int end = tokens.position();
        tokens.take();
        int next = tokens.position();
        Value second = value(next, sum());
        checkNoName(start, end, first, second);
        checkNoName(next, tokens.position(), second, first);
        if (operator.orders()) {
            ordered(start, first);
            ordered(next, second);
        }
        return new Comparison(operator, first, second);
    }

    /** A subtraction beside what is no number is a name that needs quotes: it could never match. */
    private void checkNoName(int start, int end, Value value, Value other) {
        if (value instanceof Arithmetic && (other.kind() == Kind.TEXT || other.kind() == Kind.BOOLEAN)) {
            checkNoName(start, end);
        }
    }

    private void checkNoName(int start, int end) {
        String name = source.hyphenatedName(start, end);
        if (name != null) {
            throw source.error(
                    start,
                    "a header with a hyphen in its name stands in double quotes, as in \"content-type\"; without them "
                            + name + " is a subtraction");
        }
    }

    private Condition isNull(int start, Expression left) {
        Value.Header header = header(start, left, "IS NULL");
        tokens.take();
        boolean negated = tokens.skip(TokenType.NOT);
        tokens.take(TokenType.NULL, "NULL");
        return negatedIf(negated, new Condition.IsNull(header));
    }

    private Condition between(int start, Expression left) {
        Value value = ordered(start, left);
        tokens.take();
        int lowStart = tokens.position();
        Value low = ordered(lowStart, sum());
        tokens.take(TokenType.AND, "AND");
        int highStart = tokens.position();
        Value high = ordered(highStart, sum());
        return new Condition.Between(value, low, high);
    }

    private Condition in(int start, Expression left) {
        Value.Header header = header(start, left, "IN");
        tokens.take();
        tokens.take(TokenType.OPEN, "'('");
        Set<String> texts = new HashSet<>();
        List<Numeric> numbers = new ArrayList<>();
        do {
            if (tokens.type() == TokenType.TEXT) {
                texts.add(tokens.take().value());
            } else {
                numbers.add(listedNumber());
            }
        } while (tokens.skip(TokenType.COMMA));
        tokens.take(TokenType.CLOSE, "',' or ')'");
        return new In(header, Set.copyOf(texts), List.copyOf(numbers));
    }

    private Numeric listedNumber() {
        boolean negative = tokens.type() == TokenType.MINUS;
        if (negative || tokens.type() == TokenType.PLUS) {
            tokens.take();
        }
        if (!isNumber()) {
            throw tokens.expected("a text or a number");
        }
        return number(negative);
    }

    private Condition like(int start, Expression left) {
        Value.Header header = header(start, left, "LIKE");
        tokens.take();
        Token pattern = tokens.take(TokenType.TEXT, "a text");
        Token escape = tokens.skip(TokenType.ESCAPE) ? tokens.take(TokenType.TEXT, "a text") : null;
        return new Condition.Like(header, new LikeSyntax(source, pattern, escape).parse());
    }

    private Expression sum() {
        int start = tokens.position();
        Expression first = product();
        if (!isSign()) {
            return first;
        }
        Value operand = operand(start, first);
        List<Arithmetic.Step> steps = new ArrayList<>();
        while (isSign()) {
            ArithmeticOperator operator =
                    tokens.take().type() == TokenType.PLUS ? ArithmeticOperator.PLUS : ArithmeticOperator.MINUS;
            int next = tokens.position();
            steps.add(new Arithmetic.Step(operator, operand(next, product())));
        }
        return new Arithmetic(operand, List.copyOf(steps));
    }

    private boolean isSign() {
        return tokens.type() == TokenType.PLUS || tokens.type() == TokenType.MINUS;
    }

    private Expression product() {
        int start = tokens.position();
        Expression first = factor();
        if (!isScale()) {
            return first;
        }
        Value operand = operand(start, first);
        List<Arithmetic.Step> steps = new ArrayList<>();
        while (isScale()) {
            ArithmeticOperator operator =
                    tokens.take().type() == TokenType.TIMES ? ArithmeticOperator.TIMES : ArithmeticOperator.DIVIDE;
            int next = tokens.position();
            steps.add(new Arithmetic.Step(operator, operand(next, factor())));
        }
        return new Arithmetic(operand, List.copyOf(steps));
    }

    private boolean isScale() {
        return tokens.type() == TokenType.TIMES || tokens.type() == TokenType.DIVIDE;
    }

    private Expression factor() {
        if (!isSign()) {
            return isNumber() ? new Value.NumberLiteral(number(false)) : primary();
        }
        boolean negative = false;
        while (isSign()) {
            negative ^= tokens.take().type() == TokenType.MINUS;
        }
        if (isNumber()) {
            return new Value.NumberLiteral(number(negative)); // together, for the smallest long has no positive
        }
        int start = tokens.position();
        return new Value.Signed(negative, operand(start, primary()));
    }

    private boolean isNumber() {
        return tokens.type() == TokenType.EXACT || tokens.type() == TokenType.APPROXIMATE;
    }

    private Numeric number(boolean negative) {
        Token digits = tokens.take();
        Numeric number = NumberText.parse(digits.value(), negative);
        if (number == null) {
            throw source.error(digits.start(), "the number is out of range");
        }
        return number;
    }

    private Expression primary() {
        return switch (tokens.type()) {
            case HEADER -> header(tokens.take());
            case TEXT -> new Value.TextLiteral(tokens.take().value());
            case TRUE, FALSE -> new Value.BooleanLiteral(Truth.of(tokens.take().type() == TokenType.TRUE));
            case OPEN -> parenthesis();
            default -> throw tokens.expected("a value");
        };
    }

    private Value.Header header(Token name) {
        Value.Header header = Value.Header.of(name.value());
        if (!header.canBeThere()) {
            throw source.error(
                    name.start(),
                    name.value() + " belongs to a delivery, and selectors are asked before: no message has it then");
        }
        return header;
    }

    private Expression parenthesis() {
        Token open = tokens.take();
        if (++depth > Selector.MAX_DEPTH) {
            throw source.error(open.start(), "more than " + Selector.MAX_DEPTH + " open parentheses");
        }
        Expression inner = disjunction();
        tokens.take(TokenType.CLOSE, "')'");
        depth--;
        return inner;
    }

    /** The expression as a condition; one that is a value stands as a condition if it can be true or false. */
    private Condition condition(int start, Expression expression) {
        if (expression instanceof Condition condition) {
            return condition;
        }
        Value value = (Value) expression;
        return switch (value.kind()) {
            case HEADER, BOOLEAN -> new Condition.Holds(value);
            case TEXT, NUMBER -> throw source.error(start, "expected a condition, found " + value.kind().description);
        };
    }

    private Value value(int start, Expression expression) {
        if (expression instanceof Value value) {
            return value;
        }
        throw source.error(start, "expected a value, found a condition");
    }

    private Value operand(int start, Expression expression) {
        return number(start, expression, "arithmetic takes numbers, found ");
    }

    // JMS 3.1, 3.8.1.1: "String and Boolean comparison is restricted to = and <>"
    private Value ordered(int start, Expression expression) {
        return number(start, expression, "only numbers have an order, found ");
    }

    private Value number(int start, Expression expression, String problem) {
        Value value = value(start, expression);
        if (!value.kind().canBeNumber()) {
            throw source.error(start, problem + value.kind().description);
        }
        return value;
    }

    private Value.Header header(int start, Expression expression, String operator) {
        if (expression instanceof Value.Header header) {
            return header;
        }
        checkNoName(start, tokens.position());
        throw source.error(start, "expected the name of a header before " + operator);
    }
}
