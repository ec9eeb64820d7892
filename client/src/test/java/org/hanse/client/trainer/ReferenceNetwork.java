package org.hanse.client.trainer;

import org.hanse.core.plan.Activation;
import org.hanse.core.plan.LayerSpec;
import org.hanse.core.plan.ModelDescription;
import org.hanse.core.vector.FloatVector;

/** The forward pass, written down from the definitions in float64 and for nothing but reading. */
final class ReferenceNetwork {
  private final ModelDescription model;
  private final double[] parameters;

  ReferenceNetwork(ModelDescription model, double[] parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  static double[] doubles(FloatVector vector) {
    double[] values = new double[(int) vector.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.get(i);
    }
    return values;
  }

  /** Class probabilities of one record in the contract's order: [height][width][channel]. */
  double[] probabilities(double[] record) {
    double[][][] image = {{record}};
    if (model.inputShape().size() == 3) {
      int height = model.inputShape().get(0);
      int width = model.inputShape().get(1);
      int channels = model.inputShape().get(2);
      image = new double[channels][height][width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < channels; c++) {
            image[c][y][x] = record[(y * width + x) * channels + c];
          }
        }
      }
    }
    int offset = 0;
    for (LayerSpec layer : model.layers()) {
      switch (layer) {
        case LayerSpec.Conv2d conv -> {
          int inputs = image.length;
          image = convolve(conv, image, offset);
          offset += conv.channels() * (inputs * conv.kernel() * conv.kernel() + 1);
        }
        case LayerSpec.MaxPool2d pool -> image = pool(pool, image);
        case LayerSpec.Flatten flatten -> image = new double[][][] {{flat(image)}};
        case LayerSpec.Dropout dropout -> {
          // does nothing outside training
        }
        case LayerSpec.Dense dense -> {
          double[] row = image[0][0];
          image = new double[][][] {{dense(dense.units(), dense.activation(), row, offset)}};
          offset += dense.units() * (row.length + 1);
        }
        case LayerSpec.SoftmaxOutput output -> {
          double[] row = image[0][0];
          image =
              new double[][][] {
                {softmax(dense(output.classes(), Activation.IDENTITY, row, offset))}
              };
        }
      }
    }
    return image[0][0];
  }

  double loss(double[][] records, int[] labels) {
    double sum = 0;
    for (int i = 0; i < records.length; i++) {
      sum -= Math.log(probabilities(records[i])[labels[i]]);
    }
    return sum / records.length;
  }

  double accuracy(double[][] records, int[] labels) {
    int correct = 0;
    for (int i = 0; i < records.length; i++) {
      double[] probabilities = probabilities(records[i]);
      int best = 0;
      for (int c = 1; c < probabilities.length; c++) {
        best = probabilities[c] > probabilities[best] ? c : best;
      }
      correct += best == labels[i] ? 1 : 0;
    }
    return (double) correct / records.length;
  }

  private double[][][] convolve(LayerSpec.Conv2d conv, double[][][] in, int offset) {
    int k = conv.kernel();
    int stride = conv.stride();
    int height = in[0].length;
    int width = in[0][0].length;
    int outHeight = conv.samePadding() ? Math.ceilDiv(height, stride) : (height - k) / stride + 1;
    int outWidth = conv.samePadding() ? Math.ceilDiv(width, stride) : (width - k) / stride + 1;
    // Same padding: what is odd goes below and to the right.
    int top = conv.samePadding() ? Math.max(0, (outHeight - 1) * stride + k - height) / 2 : 0;
    int left = conv.samePadding() ? Math.max(0, (outWidth - 1) * stride + k - width) / 2 : 0;
    int bias = offset + conv.channels() * in.length * k * k;
    double[][][] out = new double[conv.channels()][outHeight][outWidth];
    for (int o = 0; o < conv.channels(); o++) {
      for (int y = 0; y < outHeight; y++) {
        for (int x = 0; x < outWidth; x++) {
          double sum = parameters[bias + o];
          for (int c = 0; c < in.length; c++) {
            for (int ky = 0; ky < k; ky++) {
              for (int kx = 0; kx < k; kx++) {
                int iy = y * stride + ky - top;
                int ix = x * stride + kx - left;
                if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
                  sum +=
                      parameters[offset + ((o * in.length + c) * k + ky) * k + kx] * in[c][iy][ix];
                }
              }
            }
          }
          out[o][y][x] = activate(conv.activation(), sum);
        }
      }
    }
    return out;
  }

  private static double[][][] pool(LayerSpec.MaxPool2d pool, double[][][] in) {
    int outHeight = (in[0].length - pool.size()) / pool.stride() + 1;
    int outWidth = (in[0][0].length - pool.size()) / pool.stride() + 1;
    double[][][] out = new double[in.length][outHeight][outWidth];
    for (int c = 0; c < in.length; c++) {
      for (int y = 0; y < outHeight; y++) {
        for (int x = 0; x < outWidth; x++) {
          double largest = Double.NEGATIVE_INFINITY;
          for (int ky = 0; ky < pool.size(); ky++) {
            for (int kx = 0; kx < pool.size(); kx++) {
              largest = Math.max(largest, in[c][y * pool.stride() + ky][x * pool.stride() + kx]);
            }
          }
          out[c][y][x] = largest;
        }
      }
    }
    return out;
  }

  private static double[] flat(double[][][] image) {
    int height = image[0].length;
    int width = image[0][0].length;
    double[] row = new double[image.length * height * width];
    for (int c = 0; c < image.length; c++) {
      for (int y = 0; y < height; y++) {
        System.arraycopy(image[c][y], 0, row, (c * height + y) * width, width);
      }
    }
    return row;
  }

  private double[] dense(int units, Activation activation, double[] in, int offset) {
    double[] out = new double[units];
    for (int o = 0; o < units; o++) {
      double sum = parameters[offset + units * in.length + o];
      for (int i = 0; i < in.length; i++) {
        sum += parameters[offset + o * in.length + i] * in[i];
      }
      out[o] = activate(activation, sum);
    }
    return out;
  }

  private static double[] softmax(double[] in) {
    double[] out = new double[in.length];
    double sum = 0;
    for (int i = 0; i < in.length; i++) {
      out[i] = Math.exp(in[i]);
      sum += out[i];
    }
    for (int i = 0; i < in.length; i++) {
      out[i] /= sum;
    }
    return out;
  }

  private static double activate(Activation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case RELU -> Math.max(0, x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case TANH -> Math.tanh(x);
    };
  }
}
