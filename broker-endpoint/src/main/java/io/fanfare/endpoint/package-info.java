/** STOMP as a Jakarta WebSocket endpoint in another container: Tomcat's, Jetty's, that of an application server. */
@NullMarked
package io.fanfare.endpoint;

import org.jspecify.annotations.NullMarked;
