package io.fanfare.nats.internal.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A stream of a server that is in no cluster, and lines to it: it does what a line brings when a test says so, one after the
 * other. Owned by the worker.
 */
final class FakeStream implements Line.Opener {

    static final String SERVER = "S1";

    /** All that it has taken, in order. */
    final List<Append> taken = new ArrayList<>();

    /** Lines that have ended, with what they had sent: a server may read that later. */
    private final List<FakeLine> old = new ArrayList<>();

    private final Set<String> ids = new HashSet<>();
    private FakeLine line;
    private Consumer<Line> opened = any -> {};
    private Consumer<Line> lost = any -> {};
    private boolean isWanted;

    /** How many more it takes. */
    int room = Integer.MAX_VALUE;

    boolean isGone;

    /** One message or question on its way. */
    private record Command(Append append, boolean isQuestion, Consumer<Answer> then) {}

    private final class FakeLine implements Line {

        private final ArrayDeque<Command> commands = new ArrayDeque<>();
        private final ArrayDeque<Runnable> answers = new ArrayDeque<>();

        @Override
        public String server() {
            return SERVER;
        }

        @Override
        public void append(Append append, Duration atMost, Consumer<Answer> then) {
            commands.add(new Command(append, false, then));
        }

        @Override
        public void ask(Append append, Duration atMost, Consumer<Answer> then) {
            commands.add(new Command(append, true, then));
        }

        @Override
        public void look(long now) {}

        @Override
        public void close() {
            answers.clear();
        }
    }

    @Override
    public void open(Consumer<Line> onOpened, Consumer<Line> onEnded) {
        opened = onOpened;
        lost = onEnded;
        isWanted = true;
    }

    /** Opens a line where one is wanted. */
    void open() {
        if (isWanted) {
            isWanted = false;
            line = new FakeLine();
            opened.accept(line);
        }
    }

    int onTheirWay() {
        return line == null ? 0 : line.commands.size();
    }

    /** Does so much of what the line has brought. */
    void work(int commands) {
        if (line != null) {
            work(line, commands);
        }
    }

    /** Does so much of what a line brought that has ended. */
    void workLate(int which, int commands) {
        if (!old.isEmpty()) {
            work(old.get(which % old.size()), commands);
        }
    }

    private void work(FakeLine of, int commands) {
        for (int i = 0; i < commands && !of.commands.isEmpty(); i++) {
            Command command = of.commands.remove();
            Answer answer = answer(command);
            of.answers.add(() -> command.then().accept(answer));
        }
    }

    private Answer answer(Command command) {
        Append append = command.append();
        boolean isThere = ids.contains(append.id());
        if (isGone) {
            return command.isQuestion() ? Answer.NONE : new Answer(Answer.Kind.NOT_NOW, false, "no responders");
        }
        if (isThere) {
            return new Answer(Answer.Kind.THERE, !command.isQuestion(), "");
        }
        if (command.isQuestion()) {
            return new Answer(Answer.Kind.REFUSED, false, "");
        }
        if (room == 0) {
            return new Answer(Answer.Kind.REFUSED, false, "maximum messages exceeded");
        }
        room--;
        ids.add(append.id());
        taken.add(append);
        return new Answer(Answer.Kind.THERE, false, "");
    }

    /** Gets so many answers to the node. */
    void answer(int answers) {
        for (int i = 0; i < answers && line != null && !line.answers.isEmpty(); i++) {
            line.answers.remove().run();
        }
    }

    /** Loses answers, and keeps the line. */
    void loseAnswers() {
        if (line != null) {
            line.answers.clear();
        }
    }

    /**
     * Ends the line.
     *
     * @param isRead how much of what it has sent the server may still read, at any later time
     */
    void cut(int isRead) {
        FakeLine before = line;
        if (before != null) {
            while (before.commands.size() > isRead) {
                before.commands.removeLast();
            }
            line = null;
            old.add(before);
            lost.accept(before);
        }
    }
}
