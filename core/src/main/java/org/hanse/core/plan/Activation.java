package org.hanse.core.plan;

/** Element-wise functions after a layer. */
public enum Activation {
  IDENTITY,
  RELU,
  SIGMOID,
  TANH
}
