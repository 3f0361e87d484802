package org.coinflip.spark.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.spark.experiment.StartSpec;
import org.coinflip.spark.output.ModelDirectory;

/** A model's parameters and statistics, for a network that begins with them: layer by layer, by the names of their segments. */
final class WarmStart {
    private final StartSpec spec;
    private final State from;
    private final List<Segment> taken;

    private WarmStart(StartSpec spec, State from, List<Segment> taken) {
        this.spec = spec;
        this.from = from;
        this.taken = taken;
    }

    /**
     * Reads a model, and sees that it fits.
     *
     * @return empty where weights are to be random
     * @throws UsageException where a layer that is to be taken is not there, or of another size
     */
    static Optional<WarmStart> of(StartSpec spec, Network network, Configuration conf) {
        if (!spec.isGiven()) {
            return Optional.empty();
        }
        State from = ModelDirectory.read(spec.model(), conf).state();
        int layers = network.spec().layers().size();
        if (spec.layers() > layers) {
            throw new UsageException(
                    "start.layers: got " + spec.layers() + ", expected at most the network's " + layers);
        }
        List<Segment> taken = network.layout().segments().stream()
                .filter(segment -> spec.layers() == 0 || isOfFirst(spec.layers(), segment))
                .toList();
        taken.forEach(segment -> requireFit(spec, from, segment));
        return Optional.of(new WarmStart(spec, from, taken));
    }

    private static void requireFit(StartSpec spec, State from, Segment segment) {
        Optional<Segment> there = from.layout().segments().stream()
                .filter(other -> other.name().equals(segment.name()))
                .findFirst();
        if (there.isEmpty() || !size(there.get()).equals(size(segment))) {
            throw new UsageException("start.model " + spec.model() + ": its " + segment.name() + " is "
                    + there.map(WarmStart::size).orElse("not there") + ", expected " + size(segment)
                    + ": name another model, layers that fit, or by start.layers how many of the first are taken");
        }
    }

    private static String size(Segment segment) {
        return segment.rows() == 1
                ? segment.columns() + " numbers"
                : segment.rows() + "×" + segment.columns() + " numbers";
    }

    /** Segments are named {@code layerN.…}. */
    private static boolean isOfFirst(int layers, Segment segment) {
        return IntStream.range(0, layers).anyMatch(layer -> segment.name().startsWith("layer" + layer + "."));
    }

    /** Overwrites what is taken of the model. */
    void into(State state) {
        for (Segment segment : taken) {
            state.view(segment.name()).set(from.view(segment.name()));
        }
        state.beginIterate();
    }

    /** What a training's bits depend on: not where the model lies. */
    Map<String, Object> identity() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("parametersSha256", from.parametersSha256());
        keys.put("layers", spec.layers());
        return keys;
    }
}
