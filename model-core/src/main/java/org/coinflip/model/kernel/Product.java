package org.coinflip.model.kernel;

/**
 * A matrix product {@code C ← α op(A) op(B) + β C} by its shape.
 *
 * @param transposeA op(A) is Aᵀ
 * @param transposeB op(B) is Bᵀ
 * @param m rows of C
 * @param n columns of C
 * @param k the summed dimension
 * @param accumulates whether β is not 0
 */
public record Product(boolean transposeA, boolean transposeB, int m, int n, int k, boolean accumulates) {
    /** Multiplications and additions. */
    public double operations() {
        return 2.0 * m * n * k;
    }

    /** For people: {@code A(m×k) B(k×n)}, with a ᵀ where an operand lies transposed. */
    @Override
    public String toString() {
        return m + "×" + k + (transposeA ? "ᵀ · " : " · ") + k + "×" + n + (transposeB ? "ᵀ" : "")
                + (accumulates ? ", added" : "");
    }
}
