package org.hanse.core.plan;

/** One layer of a network, as data every engine can build. Shapes run from input to output. */
public sealed interface LayerSpec {

  /**
   * Two-dimensional convolution with a square kernel. Tensors: weight [channels, in, kernel,
   * kernel], bias [channels].
   *
   * @param samePadding true keeps height and width at stride 1; false pads nothing
   */
  record Conv2d(int channels, int kernel, int stride, boolean samePadding, Activation activation)
      implements LayerSpec {
    public Conv2d {
      Limits.inRange("channels", channels, 1, Limits.MAX_CHANNELS);
      Limits.inRange("kernel", kernel, 1, Limits.MAX_WINDOW);
      Limits.inRange("stride", stride, 1, Limits.MAX_WINDOW);
    }
  }

  /** Maximum over square windows, nothing padded. No tensors. */
  record MaxPool2d(int size, int stride) implements LayerSpec {
    public MaxPool2d {
      Limits.inRange("pool size", size, 1, Limits.MAX_WINDOW);
      Limits.inRange("stride", stride, 1, Limits.MAX_WINDOW);
    }
  }

  /** [channels, height, width] to one row. No tensors. */
  record Flatten() implements LayerSpec {}

  /** Fully connected. Tensors: weight [units, in], bias [units]. */
  record Dense(int units, Activation activation) implements LayerSpec {
    public Dense {
      Limits.inRange("units", units, 1, Limits.MAX_UNITS);
    }
  }

  /** Zeroes each input with probability {@code rate} while training. No tensors. */
  record Dropout(double rate) implements LayerSpec {
    public Dropout {
      if (!(rate > 0 && rate < 1)) {
        throw new IllegalArgumentException("dropout rate must be between 0 and 1, not " + rate);
      }
    }
  }

  /**
   * Fully connected softmax classifier with cross-entropy loss; always and only the last layer.
   * Tensors: weight [classes, in], bias [classes].
   */
  record SoftmaxOutput(int classes) implements LayerSpec {
    public SoftmaxOutput {
      Limits.inRange("classes", classes, 2, Limits.MAX_CLASSES);
    }
  }
}
