package org.coinflip.data.table;

/**
 * A cell that is a vector of which only those numbers are listed that are not 0.
 *
 * @param size how many numbers it has
 * @param indices of those that are listed, from 0, ascending
 * @param values what they are
 */
public record ListedNumbers(int size, int[] indices, double[] values) {}
