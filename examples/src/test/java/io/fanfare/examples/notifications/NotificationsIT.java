package io.fanfare.examples.notifications;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.examples.notifications.BackEnd.Notification;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.Selection;
import io.fanfare.testing.Await;
import io.fanfare.testing.browser.Browser;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Runs the whole example, broker, back end and page, with browsers. */
@Timeout(600)
class NotificationsIT {

    @RegisterExtension
    static final Browser BROWSER = new Browser();

    private Notifications example;
    private Page page;

    @AfterEach
    void close() {
        page.context().close();
        example.close();
    }

    @Test
    void whatTheBackEndPushesIsShownInEveryTab() {
        open(Duration.ofSeconds(60));
        push("alice", "Parcel <b>4711</b>", "<img src=x onerror=alert(1)>");
        push("bob", "For Bob", "alone");
        assertThat(titles(page)).hasText(new String[] {"Parcel <b>4711</b>"});
        assertThat(page.locator("#items img")).hasCount(0);

        Page second = secondTab();
        assertThat(titles(second)).hasText(new String[] {"Parcel <b>4711</b>"});
        push("alice", "Second", "2");
        for (Page tab : List.of(page, second)) {
            assertThat(titles(tab)).hasText(new String[] {"Second", "Parcel <b>4711</b>"});
            assertThat(tab.locator("#unread")).hasText("2");
            assertThat(tab.locator("#tabs")).hasText("2");
            assertThat(tab).hasTitle("(2) Notifications");
        }
        // one browser has one connection, and is one subscriber
        assertThat(example.server().broker().sessionCount()).isEqualTo(1);
        second.close();
        assertThat(page.locator("#tabs")).hasText("1");
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void whatIsReadInOneTabIsReadInTheOtherAndDoesNotComeAgain() {
        open(Duration.ofSeconds(60));
        Page second = secondTab();
        push("alice", "One", "1");
        push("alice", "Two", "2");
        // by keyboard, which goes on with the next one
        assertThat(titles(page)).hasCount(2);
        button(page, "Two").focus();
        page.keyboard().press("Enter");
        assertThat(unread(second)).hasText(new String[] {"One"});
        assertThat(button(page, "One")).isFocused();
        // the ACK has reached the broker: one is left
        awaitWaiting(1);

        second.close();
        page.reload();
        assertThat(unread(page)).hasText(new String[] {"One"});
        page.locator("#read-all").click();
        assertThat(unread(page)).hasCount(0);
        assertThat(page.locator("#read-all")).isDisabled();
        awaitWaiting(0);
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void whatCameWhileNoTabWasOpenIsThereAfterwards() {
        open(Duration.ofSeconds(60));
        Page other = BROWSER.another(page);
        other.navigate("about:blank");
        page.close();
        awaitNoConnection();
        push("alice", "Meanwhile", "1");

        page = other;
        page.navigate(example.uri() + "#alice");
        assertThat(unread(page)).hasText(new String[] {"Meanwhile"});
        assertThat(page.locator("[data-waited='true'] .note")).containsText("came while you were away");
        assertThat(page.locator("#waited")).hasText("1");
        push("alice", "Now", "2");
        assertThat(unread(page)).hasText(new String[] {"Now", "Meanwhile"});
        assertThat(page.locator("#live")).hasText("1");
    }

    @Test
    void whatCameWhileTheConnectionWasCutIsThereAfterwardsAndOnce() {
        open(Duration.ofSeconds(60));
        push("alice", "Before", "1");
        assertThat(unread(page)).hasCount(1);
        page.locator("#pause").press("Enter");
        assertThat(state(page)).hasAttribute("data-value", "offline");
        assertThat(button(page, "Before")).isDisabled();
        awaitNoConnection();
        push("alice", "Meanwhile", "2");
        page.locator("#pause").press("Enter");
        assertThat(unread(page)).hasText(new String[] {"Meanwhile", "Before"});
        assertThat(page.locator("[data-waited='true']")).hasCount(1);
        assertThat(page.locator("#live")).hasText("1");
        assertThat(page.locator("#waited")).hasText("1");
        button(page, "Before").click();
        awaitWaiting(1);
    }

    @Test
    void whatIsReadInOneBrowserIsReadInAnotherThatIsAway() {
        open(Duration.ofSeconds(60));
        Page elsewhere = BROWSER.elsewhere();
        logIn(elsewhere, "alice", "wonderland");
        push("alice", "One", "1");
        push("alice", "Two", "2");
        for (Page each : List.of(page, elsewhere)) {
            assertThat(unread(each)).hasText(new String[] {"Two", "One"});
        }
        button(page, "One").click();
        assertThat(unread(elsewhere)).hasText(new String[] {"Two"});
        assertThat(elsewhere.locator("#read-elsewhere")).hasText("1");

        elsewhere.locator("#pause").click();
        assertThat(state(elsewhere)).hasAttribute("data-value", "offline");
        button(page, "Two").click();
        assertThat(unread(page)).hasCount(0);
        elsewhere.locator("#pause").click();
        assertThat(unread(elsewhere)).hasCount(0);
        assertThat(elsewhere.locator("#read-elsewhere")).hasText("2");
        awaitWaiting(0);
        elsewhere.context().close();
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void theTokenIsRenewedWithoutANewConnection() {
        open(Duration.ofSeconds(4));
        String session = state(page).getAttribute("data-session");
        assertThat(session).isNotEmpty();
        // each after two seconds at most: the first token has expired by then
        assertThat(page.locator("#token")).hasAttribute("data-value", Pattern.compile("[3-9]"));
        push("alice", "Still here", "1");
        assertThat(unread(page)).hasText(new String[] {"Still here"});
        assertThat(state(page)).hasAttribute("data-session", session);
        assertThat(BROWSER.problems()).isEmpty();
    }

    @Test
    void aUserMayNotNotifyAndIsOutInAllTabsAfterLoggingOut() {
        open(Duration.ofSeconds(60));
        Page second = secondTab();
        // the back end alone may notify
        String token = example.tokens().issue("alice", Set.of()).value();
        try (StompClient client =
                StompClient.builder(example.broker()).login("alice", token).connect()) {
            assertThatThrownBy(() ->
                            client.send("/user/bob/queue/notifications", "{}").join())
                    .hasCauseInstanceOf(StompException.class)
                    .hasMessageContaining("not allowed");
        }
        page.locator("#log-out").click();
        for (Page tab : List.of(page, second)) {
            assertThat(tab.locator("#login input").first()).isFocused();
            assertThat(tab.locator("#app")).isHidden();
        }
        awaitNoConnection();
        // in the second one, as another user
        fillIn(second, "bob", "wonderland");
        assertThat(second.locator(".problem")).hasText("Name or password is wrong.");
        fillIn(second, "bob", "the-builder");
        assertThat(second.locator("#user")).hasText("Logged in as bob");
    }

    @Test
    void theFormHasTheBackEndPushAndTheInboxIsReadableOnAPhoneAndInTheDark() {
        open(Duration.ofSeconds(60));
        example.backEnd().push("alice", new Notification("Orders", "Order 4711 is paid", "Thank you. We pack it now."));
        assertThat(titles(page)).hasCount(1);
        button(page, "Order 4711 is paid").click();
        page.locator("#pause").click();
        assertThat(state(page)).hasAttribute("data-value", "offline");
        awaitNoConnection();
        push("alice", "Parcel in your town", "It will be delivered tomorrow between 9 and 12.");
        page.locator("#pause").click();
        assertThat(unread(page)).hasCount(1);
        page.locator("#to").selectOption("alice");
        page.locator("[name=text]").fill("Dinner is ready");
        page.keyboard().press("Enter");
        assertThat(page.locator("#sent")).hasText("Pushed to 1 browser of alice, open or not.");
        example.backEnd().push("alice", new Notification("Support", "Answer to your question", "Yes, the lid fits."));
        assertThat(unread(page)).hasCount(3);
        assertThat(page.locator("#code")).containsText("client-individual");
        Browser.picture(page, "notifications");
        page.setViewportSize(390, 800);
        Browser.needsNoScrollingSideways(page);
    }

    /** Starts the example, and logs Alice in. */
    private void open(Duration tokenLife) {
        example = Notifications.start(new NotificationsOptions(0, 0, Duration.ZERO, tokenLife));
        page = BROWSER.newPage();
        logIn(page, "alice", "wonderland");
    }

    private void logIn(Page page, String user, String password) {
        page.navigate(example.uri().toString());
        fillIn(page, user, password);
        assertThat(state(page)).hasAttribute("data-value", "connected");
    }

    private static void fillIn(Page page, String user, String password) {
        page.locator("[name=user]").fill(user);
        page.locator("[name=password]").fill(password);
        page.keyboard().press("Enter");
    }

    private Page secondTab() {
        Page second = BROWSER.another(page);
        second.navigate(example.uri() + "#alice");
        assertThat(state(second)).hasAttribute("data-value", "connected");
        return second;
    }

    private void push(String user, String title, String text) {
        example.backEnd().push(user, new Notification("Shipping", title, text));
    }

    private void awaitNoConnection() {
        Await.until("no connection", () -> example.server().broker().sessionCount() == 0);
    }

    /** Waits until that many messages are unread or on their way, in all durable subscriptions of Alice together. */
    private void awaitWaiting(long messages) {
        Selection<DurableSubscriptionStatus> all =
                new Selection<>(each -> true, Comparator.comparing(DurableSubscriptionStatus::clientId), 0, 100);
        Await.until(
                messages + " unread",
                () -> example.server().broker().inspection().durableSubscriptions(all).items().stream()
                                .map(DurableSubscriptionStatus::queue)
                                .mapToLong(queue -> queue.depth() + queue.unacknowledged())
                                .sum()
                        == messages);
    }

    private static Locator titles(Page page) {
        return page.locator("#items h3");
    }

    private static Locator unread(Page page) {
        return page.locator("[data-state='unread'] h3");
    }

    private static Locator button(Page page, String title) {
        return page.locator("#items li", new Page.LocatorOptions().setHasText(title))
                .locator("button");
    }

    private static Locator state(Page page) {
        return page.locator("#state");
    }
}
