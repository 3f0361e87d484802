package org.coinflip.spark.study.curvature;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.kernel.SymmetricEigen;

/**
 * What a Hessian says of descent.
 *
 * @param eigenvalues descending
 * @param diagonal |h_kk|, descending
 * @param diagonalSpread variance of log₁₀ |h_kk|
 * @param angles degrees between ∇E and (H + μ I)⁻¹ ∇E, for each μ; NaN where H + μ I is not positive definite
 * @param asymmetry ‖H − Hᵀ‖ / ‖H‖ of the differences
 */
record Curvature(
        double[] eigenvalues, double[] diagonal, double diagonalSpread, List<Double> angles, double asymmetry) {
    /** What differences and rounding leave of an eigenvalue that is zero, as a part of the greatest. */
    static final double NOUGHT = 1e-8;

    /**
     * @param hessian row-major, made symmetric here
     * @param gradient ∇E
     * @param dampings μ
     */
    static Curvature of(double[] hessian, double[] gradient, List<Double> dampings) {
        int n = gradient.length;
        double off = 0;
        double all = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double difference = hessian[i * n + j] - hessian[j * n + i];
                double mean = (hessian[i * n + j] + hessian[j * n + i]) / 2;
                off += 2 * difference * difference;
                all += 2 * mean * mean;
                hessian[i * n + j] = mean;
                hessian[j * n + i] = mean;
            }
            all += hessian[i * n + i] * hessian[i * n + i];
        }
        SymmetricEigen eigen = new SymmetricEigen(n, hessian);
        double[] along = eigen.coordinates(gradient);
        List<Double> angles = dampings.stream()
                .map(damping -> angle(eigen.values(), along, damping))
                .toList();
        double[] values = eigen.values().clone();
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = Math.abs(hessian[i * n + i]);
        }
        double spread = logVariance(diagonal);
        descend(values);
        descend(diagonal);
        return new Curvature(values, diagonal, spread, angles, Math.sqrt(off / all));
    }

    private static void descend(double[] values) {
        Arrays.sort(values);
        for (int i = 0, j = values.length - 1; i < j; i++, j--) {
            double value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    private static double logVariance(double[] values) {
        double[] logs =
                Arrays.stream(values).filter(v -> v > 0).map(StrictMath::log10).toArray();
        double mean = Arrays.stream(logs).average().orElse(0);
        return Arrays.stream(logs).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    }

    private static double angle(double[] eigenvalues, double[] gradient, double damping) {
        if (eigenvalues[0] + damping <= 0) {
            return Double.NaN;
        }
        double product = 0;
        double gradients = 0;
        double directions = 0;
        for (int k = 0; k < gradient.length; k++) {
            double direction = gradient[k] / (eigenvalues[k] + damping);
            product += gradient[k] * direction;
            gradients += gradient[k] * gradient[k];
            directions += direction * direction;
        }
        return Math.toDegrees(StrictMath.acos(Math.min(1, product / Math.sqrt(gradients * directions))));
    }

    /** Eigenvalues below zero; those that are zero but for differences and rounding are not counted. */
    long negative() {
        double least = -NOUGHT * eigenvalues[0];
        return Arrays.stream(eigenvalues).filter(v -> v < least).count();
    }
}
