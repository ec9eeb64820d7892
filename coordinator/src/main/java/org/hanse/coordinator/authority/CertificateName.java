package org.hanse.coordinator.authority;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hanse.core.plan.SiteId;

/**
 * The name that an X.509 certificate gives its holder: its one URI of scheme {@code hanse}. Common
 * names, DNS names and addresses say nothing about who somebody is.
 */
public record CertificateName(String consortium, PeerIdentity identity) {
  private static final int URI = 6;
  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAME =
      Pattern.compile(
          "hanse://(?<consortium>%s)/(?:coordinator|(?<role>site|user)/(?<id>%s))"
              .formatted(LABEL, LABEL));

  /** Empty if the certificate has no such URI, several, or one of another shape. */
  public static Optional<CertificateName> of(X509Certificate certificate) {
    List<String> uris = hanseUris(certificate);
    return uris.size() == 1 ? parse(uris.getFirst()) : Optional.empty();
  }

  private static List<String> hanseUris(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> name.getFirst().equals(URI))
              .map(name -> String.valueOf(name.get(1)))
              .filter(uri -> uri.startsWith("hanse:"))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static Optional<CertificateName> parse(String uri) {
    Matcher matcher = NAME.matcher(uri);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String id = matcher.group("id");
    PeerIdentity identity;
    if (id == null) {
      identity = new PeerIdentity.Coordinator();
    } else if ("site".equals(matcher.group("role"))) {
      identity = new PeerIdentity.Site(new SiteId(id));
    } else {
      identity = new PeerIdentity.User(id);
    }
    return Optional.of(new CertificateName(matcher.group("consortium"), identity));
  }
}
