package org.hanse.client.config;

/**
 * Where the coordinator listens.
 *
 * @param host a name or an address literal; the coordinator's certificate must name it
 * @param port 1 to 65535
 */
public record CoordinatorAddress(String host, int port) {
  public CoordinatorAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 1 to 65535, not " + port);
    }
  }

  /**
   * Parses {@code host:port}; an IPv6 literal stands in brackets.
   *
   * @throws IllegalArgumentException if {@code text} has another form
   */
  public static CoordinatorAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      host = "";
    }
    String port = text.substring(colon + 1);
    if (host.isBlank() || !port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("expected host:port, not \"" + text + '"');
    }
    return new CoordinatorAddress(host, Integer.parseInt(port));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
