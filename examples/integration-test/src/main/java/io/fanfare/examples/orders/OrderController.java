package io.fanfare.examples.orders;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Controller;

/** Orders of browsers. */
@Controller
class OrderController {

    /** Lets an order into the queue, where it waits for {@link OrderProcessor}. */
    @MessageMapping("/orders")
    @SendTo("/queue/orders")
    Order order(Order order) {
        if (order.item().isBlank()) {
            throw new IllegalArgumentException("an order of nothing");
        }
        return order;
    }
}
