package org.coinflip.model.estimator.registry;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.bound.Ovis;
import org.coinflip.model.estimator.bound.ReweightedWakeSleep;
import org.coinflip.model.estimator.bound.Vimco;
import org.coinflip.model.estimator.enumeration.BitFlip;
import org.coinflip.model.estimator.enumeration.Exact;
import org.coinflip.model.estimator.enumeration.LocalExpectation;
import org.coinflip.model.estimator.pathwise.Fini;
import org.coinflip.model.estimator.pathwise.ForwardGradient;
import org.coinflip.model.estimator.pathwise.Gapped;
import org.coinflip.model.estimator.pathwise.Half;
import org.coinflip.model.estimator.pathwise.ImplicitMle;
import org.coinflip.model.estimator.pathwise.MinimumVariance;
import org.coinflip.model.estimator.pathwise.Pathwise;
import org.coinflip.model.estimator.pathwise.RaoBlackwellised;
import org.coinflip.model.estimator.pathwise.ReinMax;
import org.coinflip.model.estimator.pathwise.ReinMaxCv;
import org.coinflip.model.estimator.pathwise.ReinMaxRao;
import org.coinflip.model.estimator.pathwise.Simple;
import org.coinflip.model.estimator.pathwise.StraightThrough;
import org.coinflip.model.estimator.pathwise.StraightThroughConcrete;
import org.coinflip.model.estimator.pathwise.Surrogate;
import org.coinflip.model.estimator.relaxation.Rebar;
import org.coinflip.model.estimator.relaxation.Relax;
import org.coinflip.model.estimator.score.Arm;
import org.coinflip.model.estimator.score.Arms;
import org.coinflip.model.estimator.score.Carms;
import org.coinflip.model.estimator.score.Disarm;
import org.coinflip.model.estimator.score.DoubleCv;
import org.coinflip.model.estimator.score.LeaveOneOut;
import org.coinflip.model.estimator.score.MuProp;
import org.coinflip.model.estimator.score.NodePerturbation;
import org.coinflip.model.estimator.score.Nvil;
import org.coinflip.model.estimator.score.Reinforce;
import org.coinflip.model.estimator.score.Rodeo;
import org.coinflip.model.estimator.score.Spsa;
import org.coinflip.model.estimator.score.UnorderedSet;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/** The gradient estimators by the names that experiment files use. */
public final class Estimators {
    private static final Map<String, Function<Section, GradientEstimator>> READERS = new TreeMap<>(Map.ofEntries(
            Map.entry(Arm.TYPE, section -> new Arm()),
            Map.entry(Arms.TYPE, Arms::read),
            Map.entry(Carms.TYPE, Carms::read),
            Map.entry(BitFlip.TYPE, section -> new BitFlip()),
            Map.entry(DoubleCv.TYPE, DoubleCv::read),
            Map.entry(Disarm.TYPE, section -> new Disarm()),
            Map.entry(Exact.TYPE, section -> new Exact()),
            Map.entry(ForwardGradient.TYPE, ForwardGradient::read),
            Map.entry(Fini.TYPE, Fini::read),
            Map.entry(Gapped.TYPE, Gapped::read),
            Map.entry(Half.TYPE, section -> new Half()),
            Map.entry(ReinMaxCv.TYPE, ReinMaxCv::read),
            Map.entry(ReinMaxRao.TYPE, ReinMaxRao::read),
            Map.entry(ImplicitMle.TYPE, ImplicitMle::read),
            Map.entry(ReinMax.TYPE, ReinMax::read),
            Map.entry(LeaveOneOut.TYPE, LeaveOneOut::read),
            Map.entry(LocalExpectation.TYPE, LocalExpectation::read),
            Map.entry(MinimumVariance.TYPE, MinimumVariance::read),
            Map.entry(MuProp.TYPE, section -> new MuProp()),
            Map.entry(Nvil.TYPE, Nvil::read),
            Map.entry(NodePerturbation.TYPE, NodePerturbation::read),
            Map.entry(Ovis.TYPE, Ovis::read),
            Map.entry(Pathwise.TYPE, section -> new Pathwise()),
            Map.entry(Predicted.TYPE, Predicted::read),
            Map.entry(RaoBlackwellised.TYPE, RaoBlackwellised::read),
            Map.entry(Rebar.TYPE, Rebar::read),
            Map.entry(Relax.TYPE, Relax::read),
            Map.entry(ReweightedWakeSleep.TYPE, ReweightedWakeSleep::read),
            Map.entry(Rodeo.TYPE, Rodeo::read),
            Map.entry(Reinforce.TYPE, Reinforce::read),
            Map.entry(Simple.TYPE, section -> new Simple()),
            Map.entry(Spsa.TYPE, Spsa::read),
            Map.entry(Vimco.TYPE, Vimco::read),
            Map.entry(StraightThrough.TYPE, StraightThrough::read),
            Map.entry(StraightThroughConcrete.TYPE, StraightThroughConcrete::read),
            Map.entry(UnorderedSet.TYPE, UnorderedSet::read),
            Map.entry(Surrogate.TYPE, Surrogate::read)));

    private Estimators() {}

    /** Reads an estimator from its section, whose {@code type} names it. */
    public static GradientEstimator read(Section section) {
        GradientEstimator estimator = READERS.get(section.named("type", "a gradient estimator", names()))
                .apply(section);
        section.finish();
        return estimator;
    }

    /** Reads an estimator for units of a law from its section, or the {@link Auto choice} among some. */
    public static GradientEstimator readOrChoose(Section section, UnitLaw law) {
        List<String> all =
                Stream.concat(names().stream(), Stream.of(Auto.TYPE)).sorted().toList();
        String type = section.named("type", "a gradient estimator", all);
        GradientEstimator estimator = type.equals(Auto.TYPE)
                ? Auto.read(section, law)
                : READERS.get(type).apply(section);
        section.finish();
        return estimator;
    }

    /** An unbiased estimator for layers of bits with little variance: local expectations. */
    public static GradientEstimator reference() {
        return new LocalExpectation(16);
    }

    /** Those whose defaults need no more of the loss than its value at their one sample. */
    public static List<String> takingGivenLosses() {
        return whose(estimator -> estimator.takesGivenLoss(1));
    }

    /** Those that learn from samples that are held while parameters move. */
    public static List<String> takingHeldSamples() {
        return whose(GradientEstimator::takesHeldSamples);
    }

    private static List<String> whose(Predicate<GradientEstimator> is) {
        return names().stream()
                .filter(name -> is.test(read(Section.root(ConfigFactory.parseMap(Map.of("type", name))))))
                .toList();
    }

    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }
}
