package org.coinflip.model.layer.plain;

import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * A top layer whose loss is what the samples below it earned in an environment, the negative of a reward that may come later:
 * {@link org.coinflip.model.objective.Targets#givenLosses}. It passes the units below it on as the action and has no parameters. Only
 * the loss is broadcast; no gradient comes from above.
 *
 * <p>Bengio (2013), arXiv 1305.2982.
 */
public record RewardLayer() implements TopLayer {
    public static final String TYPE = "reward";

    public static RewardLayer read(Section section) {
        return new RewardLayer();
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE);
    }

    @Override
    public boolean isGiven() {
        return true;
    }

    @Override
    public void check(int inputs, int classes) {
        throw new UsageException(
                "network.layers: got { type = reward } with data, expected { type = output, … }: rewards come from"
                        + " environment { … }, which stands in the place of data { … }");
    }

    @Override
    public int outputs(int inputs) {
        return inputs;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {}

    @Override
    public Stage bind(Binding binding) {
        return new RewardStage(binding);
    }

    private static final class RewardStage extends Stage {
        private final Stage source;

        RewardStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), binding.source().output().columns()));
            source = binding.source();
        }

        @Override
        public int rows(PassContext context) {
            return source.rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            context.setTopRows(rows);
            output().setRows(0, source.output(), 0, rows);
            if (context.mode() == Mode.TRAIN) {
                System.arraycopy(context.targets().givenLosses(), 0, context.losses(), 0, rows);
            }
        }

        @Override
        public void backward(PassContext context) {
            if (context.held() != null) {
                context.held().compare(rows(context));
            }
        }

        @Override
        public void accumulate(PassContext context) {}
    }
}
