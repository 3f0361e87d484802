package org.coinflip.model.estimator;

import static org.coinflip.model.estimator.UnbiasedEstimatorsTest.binary;
import static org.coinflip.model.estimator.UnbiasedEstimatorsTest.holdToEnumeration;
import static org.coinflip.model.estimator.UnbiasedEstimatorsTest.output;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** As {@link UnbiasedEstimatorsTest}, of categories and of counts, with priors and without. */
@Tag("numerical")
@Tag("statistical")
class UnbiasedCategoriesAndCountsTest {
    private static String categorical(int units, String estimator) {
        return "{ type = stochastic, units = " + units + ", law = { type = categorical, categories = 3 }, estimator = "
                + estimator + " }";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exact",
                "{ type = reinforce, baseline = none }",
                "{ type = reinforce, baseline = moving-average, kappa = 0.9 }",
                "{ type = reinforce, baseline = minimum-variance, kappa = 0.9 }",
                "{ type = reinforce, baseline = input, learning-rate = 0.01 }",
                "{ type = rloo, samples = 2 }",
                "{ type = rloo, samples = 5 }",
                "{ type = local-expectation, block = 1 }",
                "{ type = local-expectation, block = 3 }",
                "muprop",
                "{ type = rebar, temperature = 0.5, scale = 1 }",
                "{ type = rebar, temperature = 0.2, scale = 0.6, learning-rate = 0 }",
                "{ type = rebar, temperature = 2, scale = 0.9, limit = mean }",
                "{ type = relax, hidden = 4, learning-rate = 0.02 }",
                "{ type = relax, relaxed-loss = false, hidden = 4, learning-rate = 0.02 }",
                "{ type = carms, samples = 2 }",
                "{ type = carms, samples = 4 }",
                "{ type = double-cv, samples = 3, scale = 0.6, learning-rate = 0.01 }"
            })
    void areUnbiasedForCategoricalUnits(String estimator) {
        holdToEnumeration(categorical(6, estimator), output(3, "cross-entropy"));
        holdToEnumeration(
                "{ type = dense, units = 2, activation = tanh }",
                categorical(6, estimator),
                categorical(3, estimator),
                binary(2, estimator.contains("carms") ? "disarm" : estimator),
                output(2, "squared-error"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exact",
                "{ type = reinforce, baseline = minimum-variance, kappa = 0.9 }",
                "{ type = rloo, samples = 3 }",
                "{ type = local-expectation, block = 3 }",
                "muprop",
                "{ type = rebar, temperature = 0.5, scale = 1 }",
                "{ type = carms, samples = 4 }",
                "{ type = double-cv, samples = 3, scale = 0.6, learning-rate = 0.01 }"
            })
    void areUnbiasedForTheEvidenceLowerBoundOfCategories(String estimator) {
        for (String prior : List.of("learned", "uniform")) {
            holdToEnumeration(
                    "{ type = stochastic, units = 6, law = { type = categorical, categories = 3 }, prior = " + prior
                            + ", estimator = " + estimator + " }",
                    "{ type = dense, units = 2, activation = tanh }",
                    output(3, "bernoulli-reconstruction"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "law = poisson, prior { type = standard, logit = -0.7 }",
                "law = poisson, prior = learned",
                "law { type = binomial, trials = 5 }, prior = learned",
                "law { type = negative-binomial, failures = 2.5 }, prior = learned",
                "law { type = negative-binomial, failures = 2.5 }, prior { type = standard, logit = -1 }"
            })
    void areUnbiasedForTheEvidenceLowerBoundOfCounts(String law) {
        for (String estimator :
                List.of("{ type = reinforce, baseline = moving-average }", "{ type = rloo, samples = 3 }")) {
            holdToEnumeration(
                    "{ type = stochastic, units = 2, " + law + ", estimator = " + estimator + " }",
                    "{ type = dense, units = 2, activation = tanh }",
                    output(3, "bernoulli-reconstruction"));
        }
    }

    /** Layers of counts below one of categories, of categories below one of counts, and of counts of two laws. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "units = 2, law = poisson | units = 3, law { type = categorical, categories = 3 }",
                "units = 6, law { type = categorical, categories = 3 } | units = 1, law = poisson",
                "units = 1, law { type = negative-binomial, failures = 2.5 } | units = 2, law { type = binomial, trials = 3 }",
                "units = 2, law { type = binomial, trials = 3 } | units = 2, law = bernoulli"
            })
    void areUnbiasedForABeliefNetworkOfCategoriesAndCounts(String below, String above) {
        String units = below.substring(0, below.indexOf(','));
        for (String estimator :
                List.of("{ type = reinforce, baseline = moving-average }", "{ type = rloo, samples = 2 }")) {
            holdToEnumeration(
                    "{ type = stochastic, " + below + ", prior = conditional, estimator = " + estimator + " }",
                    "{ type = dense, units = 2, activation = tanh }",
                    "{ type = stochastic, " + above + ", prior = learned, estimator = " + estimator + " }",
                    "{ type = likelihood, of = 0, " + units + " }",
                    output(3, "bernoulli-reconstruction"));
        }
    }
}
