package org.coinflip.spark.sweep.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.coinflip.spark.sweep.space.Configuration;

/**
 * The evolution strategy that adapts its covariance matrix, in the cube of coordinates: {@code x ~ N(m, σ² C)}, reflected at its sides. After every λ results the mean moves to the weighted μ best, the
 * paths p_σ and p_c say how long the way was and where it led, and with them σ and C are adapted. Results are taken as they come: those that were drawn before the last
 * change count for the next. An axis of options is a coordinate like any other, so this is for spaces of numbers; where an axis is not there its coordinate stays at the mean. When all of it is narrower than
 * {@value #NARROW} it begins again somewhere else.
 *
 * <p>Hansen (2016), "The CMA Evolution Strategy: A Tutorial", with its defaults; the way of the mean is made isotropic by the Cholesky factor of C, as in Krause, Arbonès, Igel (2016), "CMA-ES with
 * Optimal Covariance Update and Storage Complexity".
 */
final class CmaEsSampler extends LearningSampler {
    private static final int PURPOSE = 1 << 24;
    private static final double FIRST_SIGMA = 0.3;
    private static final double WIDEST_SIGMA = 0.5;
    private static final double NARROW = 1e-4;
    private static final NormalDistribution NORMAL = new NormalDistribution(null, 0, 1);

    private final int n;
    private final int lambda;
    private final double[] weights;
    /** What the weights are worth: 1 / Σ w². */
    private final double mu;

    private final Map<Integer, List<Elite.Member>> waiting = new TreeMap<>();
    private int seen;
    private int restarts;
    private int generations;
    private double[] mean;
    private double sigma;
    private double[][] covariance;
    /** A, C = A Aᵀ. */
    private double[][] factor;

    private double[] sigmaPath;
    private double[] path;

    CmaEsSampler(Admission admission, long seed) {
        super(admission, seed);
        this.n = admission.space().axes().size();
        this.lambda = 4 + (int) (3 * StrictMath.log(n));
        this.weights = new double[lambda / 2];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = StrictMath.log((lambda + 1) / 2.0) - StrictMath.log(i + 1);
            sum += weights[i];
        }
        double squares = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
            squares += weights[i] * weights[i];
        }
        this.mu = 1 / squares;
        double[] centre = new double[n];
        Arrays.fill(centre, 0.5);
        begin(centre);
    }

    private void begin(double[] at) {
        mean = at;
        sigma = FIRST_SIGMA;
        covariance = identity();
        factor = identity();
        sigmaPath = new double[n];
        path = new double[n];
        generations = 0;
    }

    private double[][] identity() {
        double[][] matrix = new double[n][n];
        for (int k = 0; k < n; k++) {
            matrix[k][k] = 1;
        }
        return matrix;
    }

    @Override
    public void observe(Configuration configuration, Measured measured, int resource) {
        List<Elite.Member> results = waiting.computeIfAbsent(resource, rung -> new ArrayList<>());
        results.add(new Elite.Member(configuration.point(), measured, seen++));
        if (results.size() == lambda) {
            results.sort(Elite.Member.BY_VALUE);
            adapt(results.subList(0, weights.length));
            results.clear();
        }
    }

    @Override
    public Configuration configuration(int number) {
        for (int attempt = 0; attempt < Admission.TRIES; attempt++) {
            double[] z = new double[n];
            for (int k = 0; k < n; k++) {
                z[k] = NORMAL.inverseCumulativeProbability(uniforms.at(PURPOSE + k, number, attempt));
            }
            double[] point = new double[n];
            for (int k = 0; k < n; k++) {
                double y = 0;
                for (int l = 0; l <= k; l++) {
                    y += factor[k][l] * z[l];
                }
                point[k] = reflected(mean[k] + sigma * y);
            }
            Configuration drawn = admission.space().at(point);
            if (admission.allows(drawn)) {
                return drawn;
            }
        }
        return random.configuration(number);
    }

    /** Into [0, 1]. */
    static double reflected(double x) {
        double t = x - 2 * Math.floor(x / 2);
        return t > 1 ? 2 - t : t;
    }

    /** @param best the μ best results, the best first */
    private void adapt(List<Elite.Member> best) {
        generations++;
        double[][] ways = new double[best.size()][n];
        double[] way = new double[n];
        for (int i = 0; i < best.size(); i++) {
            double[] point = best.get(i).genes();
            for (int k = 0; k < n; k++) {
                boolean isThere = k < point.length && !Double.isNaN(point[k]);
                ways[i][k] = isThere ? (point[k] - mean[k]) / sigma : 0;
                way[k] += weights[i] * ways[i][k];
            }
        }
        double forSigma = (mu + 2) / (n + mu + 5);
        double damping = 1 + 2 * Math.max(0, Math.sqrt((mu - 1) / (n + 1)) - 1) + forSigma;
        double forPath = (4 + mu / n) / (n + 4 + 2 * mu / n);
        double ofOne = 2 / ((n + 1.3) * (n + 1.3) + mu);
        double ofAll = Math.min(1 - ofOne, 2 * (mu - 2 + 1 / mu) / ((n + 2.0) * (n + 2.0) + mu));
        double expected = Math.sqrt(n) * (1 - 1 / (4.0 * n) + 1 / (21.0 * n * n));

        double[] isotropic = solved(way);
        double squares = 0;
        for (int k = 0; k < n; k++) {
            mean[k] = Math.min(1, Math.max(0, mean[k] + sigma * way[k]));
            sigmaPath[k] = (1 - forSigma) * sigmaPath[k] + Math.sqrt(forSigma * (2 - forSigma) * mu) * isotropic[k];
            squares += sigmaPath[k] * sigmaPath[k];
        }
        double length = Math.sqrt(squares);
        double settled = Math.sqrt(1 - StrictMath.pow(1 - forSigma, 2.0 * generations));
        boolean isShort = length / settled < (1.4 + 2 / (n + 1.0)) * expected;
        for (int k = 0; k < n; k++) {
            path[k] = (1 - forPath) * path[k] + (isShort ? Math.sqrt(forPath * (2 - forPath) * mu) * way[k] : 0);
        }
        double lost = isShort ? 0 : forPath * (2 - forPath);
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                double all = 0;
                for (int i = 0; i < ways.length; i++) {
                    all += weights[i] * ways[i][k] * ways[i][l];
                }
                covariance[k][l] =
                        (1 - ofOne - ofAll + ofOne * lost) * covariance[k][l] + ofOne * path[k] * path[l] + ofAll * all;
            }
        }
        sigma = Math.min(WIDEST_SIGMA, sigma * StrictMath.exp(forSigma / damping * (length / expected - 1)));
        factorise();
    }

    /** A⁻¹ v. */
    private double[] solved(double[] v) {
        double[] x = new double[n];
        for (int k = 0; k < n; k++) {
            double sum = v[k];
            for (int l = 0; l < k; l++) {
                sum -= factor[k][l] * x[l];
            }
            x[k] = sum / factor[k][k];
        }
        return x;
    }

    /** Cholesky's factor of C; begins again where C is of no use any more. */
    private void factorise() {
        double[][] a = new double[n][n];
        double widest = 0;
        for (int k = 0; k < n; k++) {
            for (int l = 0; l <= k; l++) {
                double sum = covariance[k][l];
                for (int i = 0; i < l; i++) {
                    sum -= a[k][i] * a[l][i];
                }
                a[k][l] = k == l ? Math.sqrt(sum) : sum / a[l][l];
            }
            widest = Math.max(widest, covariance[k][k]);
            if (!(a[k][k] > 0)) {
                restart();
                return;
            }
        }
        factor = a;
        if (sigma * Math.sqrt(widest) < NARROW) {
            restart();
        }
    }

    private void restart() {
        restarts++;
        double[] at = new double[n];
        for (int k = 0; k < n; k++) {
            at[k] = uniforms.at(PURPOSE + n + k, restarts, 0);
        }
        begin(at);
    }
}
