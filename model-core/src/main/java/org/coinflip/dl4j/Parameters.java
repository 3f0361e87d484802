package org.coinflip.dl4j;

import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies parameters and statistics between a {@link State} of a network and a DL4J network of the same layers. Weights are row-major
 * here and column-major there; an updater's memory stays where it is.
 */
public final class Parameters {
    private Parameters() {}

    /** Overwrites a DL4J network's parameters. */
    public static void copy(State from, MultiLayerNetwork to) {
        for (Segment segment : from.layout().segments()) {
            if (segment.role() != Segment.Role.UPDATER) {
                INDArray parameter = to.getParam(key(segment));
                parameter.assign(Nd4j.createFromArray(from.view(segment).toArray())
                        .reshape('c', segment.rows(), segment.columns())
                        .reshape('c', parameter.shape()));
            }
        }
    }

    /** Overwrites a state's parameters and statistics. */
    public static void copy(MultiLayerNetwork from, State to) {
        for (Segment segment : to.layout().segments()) {
            if (segment.role() != Segment.Role.UPDATER) {
                INDArray parameter = from.getParam(key(segment));
                // a layer of DL4J's may do without biases
                to.view(segment)
                        .set(
                                parameter == null
                                        ? new float[segment.length()]
                                        : parameter
                                                .castTo(DataType.FLOAT)
                                                .dup('c')
                                                .data()
                                                .asFloat());
            }
        }
    }

    /** DL4J's name of a segment: {@code layer2.weights} is {@code 2_W}. */
    private static String key(Segment segment) {
        int point = segment.name().indexOf('.');
        String layer = segment.name().substring("layer".length(), point);
        String name = segment.name().substring(point + 1);
        return layer + "_"
                + switch (segment.role()) {
                    case WEIGHTS -> DefaultParamInitializer.WEIGHT_KEY;
                    case BIASES -> DefaultParamInitializer.BIAS_KEY;
                    default -> name;
                };
    }
}
