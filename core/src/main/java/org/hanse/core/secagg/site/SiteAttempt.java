package org.hanse.core.secagg.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hanse.core.secagg.AttemptContext;
import org.hanse.core.secagg.FromSite;
import org.hanse.core.secagg.ToSite;

/**
 * The public side of an attempt at a site: its context, and what was answered to what, so that a
 * repeat is answered with the same bytes. Holds no secret that was not sent.
 */
record SiteAttempt(AttemptContext context, List<Exchange> exchanges) {
  SiteAttempt {
    exchanges = List.copyOf(exchanges);
  }

  record Exchange(ToSite message, FromSite reply) {}

  static SiteAttempt opened(AttemptContext context, FromSite.Advertisement reply) {
    return new SiteAttempt(context, List.of(new Exchange(context.start(), reply)));
  }

  SiteAttempt answered(ToSite message, FromSite reply) {
    List<Exchange> extended = new ArrayList<>(exchanges);
    extended.add(new Exchange(message, reply));
    return new SiteAttempt(context, extended);
  }

  Optional<FromSite> replyTo(ToSite message) {
    return exchanges.stream()
        .filter(exchange -> exchange.message().equals(message))
        .map(Exchange::reply)
        .findFirst();
  }

  boolean released() {
    return exchanges.stream().anyMatch(exchange -> exchange.reply() instanceof FromSite.Release);
  }
}
