package io.fanfare.examples.chat;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.testing.Await;
import io.fanfare.testing.browser.Browser;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the whole example, broker, desk and page, with a browser whose tabs belong to several users. */
@Timeout(600)
class ChatIT {

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private Chat example;
    private Page alice;

    @AfterEach
    void close() {
        alice.context().close();
        example.close();
    }

    @Test
    void whatIsSaidReachesAllInTheRoomAndIsTextWhateverItLooksLike() {
        open(Duration.ofSeconds(60));
        Page bob = enter("bob", "the-builder");
        alice.locator("#text").fill("<img src=x onerror=alert(1)> <b>hi</b>");
        alice.keyboard().press("Shift+Enter");
        alice.keyboard().type("second line");
        alice.keyboard().press("Enter");
        for (Page page : new Page[] {alice, bob}) {
            assertThat(texts(page)).hasText(new String[] {"<img src=x onerror=alert(1)> <b>hi</b>\nsecond line"});
            assertThat(page.locator("#messages img, #messages .text b")).hasCount(0);
        }
        assertThat(alice.locator("#text")).hasValue("");
        // another room hears nothing
        room(bob, "kitchen").click();
        assertThat(texts(bob)).hasCount(0);
        say(bob, "In the kitchen");
        assertThat(texts(bob)).hasText(new String[] {"In the kitchen"});
        assertThat(texts(alice)).hasCount(1);
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void aRoomHasItsHistoryOnEnteringAndPeopleArePresentWhileTheyAreThere() {
        open(Duration.ofSeconds(60));
        say(alice, "One");
        say(alice, "Two");
        assertThat(texts(alice)).hasCount(2);
        Page bob = enter("bob", "the-builder");
        assertThat(texts(bob)).hasText(new String[] {"One", "Two"});
        assertThat(people(alice)).hasText(new String[] {"alice (you)", "bob"});
        assertThat(people(bob)).hasText(new String[] {"alice", "bob (you)"});
        assertThat(room(alice, "lobby").locator(".count")).hasText("2");

        room(bob, "workshop").click();
        assertThat(people(alice)).hasText(new String[] {"alice (you)"});
        assertThat(room(alice, "workshop").locator(".count")).hasText("1");
        room(bob, "lobby").click();
        assertThat(texts(bob)).hasText(new String[] {"One", "Two"});
        Page second = enter("bob", "the-builder");
        assertThat(people(alice)).hasText(new String[] {"alice (you)", "bob in 2 tabs"});
        second.close();
        bob.locator("#log-out").click();
        assertThat(bob.locator("#login input").first()).isFocused();
        assertThat(people(alice)).hasText(new String[] {"alice (you)"});
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void aPageThatWasOfflineGetsWhatItMissedOnce() {
        open(Duration.ofSeconds(60));
        Page bob = enter("bob", "the-builder");
        say(alice, "One");
        assertThat(texts(bob)).hasCount(1);
        bob.locator("#pause").press("Enter");
        assertThat(state(bob)).hasAttribute("data-value", "offline");
        say(alice, "Two");
        assertThat(texts(alice)).hasCount(2);
        bob.locator("#pause").press("Enter");
        assertThat(state(bob)).hasAttribute("data-value", "connected");
        assertThat(bob.locator("#verdict")).hasAttribute("data-missed", "1");
        assertThat(texts(bob)).hasText(new String[] {"One", "Two"});
    }

    @Test
    void typingMarksAreConflatedToTheNewestOfEachUser() {
        open(Duration.ofSeconds(60));
        Page bob = enter("bob", "the-builder");
        // nothing on the page tells of it: marks of before its subscription are no marks of Bob's
        Await.until("both get marks", () -> example.server().broker().subscriberCount("/topic/typing.lobby") == 2);
        // at once: what comes a second apart is not conflated
        alice.locator("#text").evaluate("""
                text => {
                  for (let i = 0; i < 40; i++) {
                    text.value += 'a';
                    text.dispatchEvent(new InputEvent('input', { bubbles: true }));
                  }
                }""");
        assertThat(bob.locator("#typing")).hasText("alice is typing …");
        assertThat(alice.locator("#marks-sent")).hasText("40");
        // none is lost without being counted
        Await.until("40 marks", () -> number(bob, "#marks-came") + number(bob, "#marks-conflated") == 40);
        assertThat(number(bob, "#marks-came")).isLessThan(number(bob, "#marks-conflated"));
        // no-local
        assertThat(number(alice, "#marks-came")).isZero();
        alice.keyboard().press("Enter");
        assertThat(texts(bob)).hasCount(1);
        assertThat(bob.locator("#typing")).isEmpty();
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void aModeratorRemovesAUserWhoComesBackWhenTheTimeIsOver() {
        open(Duration.ofSeconds(3));
        Page bob = enter("bob", "the-builder");
        Page carol = enter("carol", "christmas");
        try (StompClient client = client("carol", Chat.MODERATOR)) {
            // of no effect, as the removal that follows it shows: a moderator stays
            client.send(ModerationDesk.QUEUE, "{\"user\":\"carol\",\"room\":\"lobby\",\"reason\":\"\"}")
                    .join();
        }
        carol.locator("#people button[aria-label='Remove bob']").click();
        carol.keyboard().type("spam");
        carol.keyboard().press("Enter");

        assertThat(bob.locator("#removed")).containsText("carol has removed you (spam). You can come back in");
        assertThat(state(bob)).hasAttribute("data-value", "removed");
        for (Page page : new Page[] {alice, carol}) {
            assertThat(page.locator("#messages .notice")).hasText("bob was removed by carol (spam).");
            assertThat(page.locator("#people [data-user=bob]")).hasCount(0);
            assertThat(state(page)).hasAttribute("data-value", "connected");
        }
        say(alice, "Meanwhile");

        assertThat(state(bob)).hasAttribute("data-value", "connected");
        assertThat(bob.locator("#removed")).isHidden();
        assertThat(bob.locator("#verdict")).containsText("Back after");
        assertThat(texts(bob)).hasText(new String[] {"Meanwhile"});
        assertThat(people(alice)).hasText(new String[] {"alice (you)", "bob", "carol"});
    }

    @Test
    void onlyAModeratorRemovesAndARemovedUserHasNoWayInWithATokenOfBefore() {
        open(Duration.ofSeconds(60));
        Page carol = enter("carol", "christmas");
        // a user without the role may not ask for it
        assertThat(alice.locator("#people button")).hasCount(0);
        try (StompClient client = client("alice")) {
            assertThatThrownBy(() -> client.send(ModerationDesk.QUEUE, "{}").join())
                    .hasCauseInstanceOf(StompException.class)
                    .hasMessageContaining("not allowed");
        }
        carol.locator("#people button").click();
        carol.keyboard().press("Enter");
        assertThat(alice.locator("#removed")).containsText("carol has removed you. You can come back in");
        assertThatThrownBy(() -> client("alice").close())
                .isInstanceOf(StompException.class)
                .hasMessageContaining("authentication failed");
        // nor with a new tab
        alice.reload();
        assertThat(alice.locator("#removed")).isVisible();
        assertThat(state(alice)).hasAttribute("data-value", "removed");
    }

    @Test
    void theChatIsReadableOnAPhoneAndInTheDark() {
        open(Duration.ofSeconds(60));
        Page bob = enter("bob", "the-builder");
        Page carol = enter("carol", "christmas");
        say(alice, "Good morning! Has anybody seen the blue kettle?");
        say(bob, "It is in the workshop.");
        say(bob, "I needed hot water for the <glue>.");
        say(carol, "Please bring it back before tea. The kitchen has three people waiting,\nand one of them is me.");
        say(alice, "Thanks, Bob.");
        assertThat(texts(carol)).hasCount(5);
        bob.locator("#text").pressSequentially("On my way");
        assertThat(carol.locator("#typing")).hasText("bob is typing …");
        carol.setViewportSize(1360, 1000);
        carol.bringToFront();
        Browser.picture(carol, "chat");
        carol.setViewportSize(390, 800);
        Browser.needsNoScrollingSideways(carol);
    }

    /** Starts the example, and has Alice enter. */
    private void open(Duration removal) {
        example = Chat.start(new ChatOptions(0, 0, removal));
        alice = BROWSER.newPage();
        logIn(alice, "alice", "wonderland");
    }

    /** A further tab of the browser, for another user or the same one. */
    private Page enter(String user, String password) {
        Page page = BROWSER.another(alice);
        logIn(page, user, password);
        return page;
    }

    private void logIn(Page page, String user, String password) {
        page.navigate(example.uri().toString());
        page.locator("[name=user]").fill(user);
        page.locator("[name=password]").fill(password);
        page.keyboard().press("Enter");
        assertThat(state(page)).hasAttribute("data-value", "connected");
    }

    private StompClient client(String user, String... roles) {
        return StompClient.builder(example.broker())
                .login(user, example.tokens().issue(user, Set.of(roles)).value())
                .connect();
    }

    private static void say(Page page, String text) {
        page.locator("#text").fill(text);
        page.locator("#text").press("Enter");
    }

    private static Locator texts(Page page) {
        return page.locator("#messages .text");
    }

    private static Locator people(Page page) {
        return page.locator("#people li > span:not(.avatar)");
    }

    private static Locator room(Page page, String name) {
        return page.locator("[data-room=" + name + "]");
    }

    private static Locator state(Page page) {
        return page.locator("#state");
    }

    private static int number(Page page, String element) {
        return Integer.parseInt(page.locator(element).getAttribute("data-value"));
    }
}
