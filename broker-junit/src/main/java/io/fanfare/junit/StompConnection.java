package io.fanfare.junit;

import io.fanfare.testkit.wire.Transport;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter of type {@link io.fanfare.testkit.TestConnection}: a connected client, which is closed when the test ends.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface StompConnection {

    /** The user; empty: an anonymous client. */
    String login() default "";

    /** The passcode; empty: the one that the extension's builder gave this user. */
    String passcode() default "";

    /** The name of the extension whose broker it is; see {@link FanfareExtension.Builder#name}. */
    String broker() default "";

    /** What it speaks STOMP over. */
    Transport transport() default Transport.WEBSOCKET;

    /** The {@code accept-version} of CONNECT. */
    String acceptVersion() default "1.2";

    /** Further headers of CONNECT, as lines: {@code "client-id:c1"}. */
    String[] headers() default {};
}
