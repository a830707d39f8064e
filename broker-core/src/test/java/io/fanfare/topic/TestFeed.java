package io.fanfare.topic;

import io.fanfare.message.Feed;
import io.fanfare.message.Message;
import java.util.ArrayList;
import java.util.List;

/** A feed that remembers its messages. */
final class TestFeed implements Feed {

    private final List<Message> heard = new ArrayList<>();
    private boolean active = true;

    @Override
    public String owner() {
        return "";
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public void offer(Message message) {
        if (active) {
            heard.add(message);
        }
    }

    /** All messages so far. */
    List<Message> heard() {
        return heard;
    }

    /** Takes the messages out. */
    List<Message> take() {
        List<Message> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    void end() {
        active = false;
    }
}
