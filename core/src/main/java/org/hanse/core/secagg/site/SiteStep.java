package org.hanse.core.secagg.site;

import java.util.List;

/** Where a site stands after an input, and what the shell must do. */
public record SiteStep(SiteState next, List<SiteEffect> effects) {
  public SiteStep {
    effects = List.copyOf(effects);
  }
}
