package org.coinflip.spark.study.estimators;

import java.io.Serializable;

/**
 * What a cell measured.
 *
 * @param logits as the engine rounds them
 * @param hasExact whether the moments are about the exact gradient
 */
record CellMeasurement(Cell cell, double[] logits, boolean hasExact, Moments moments) implements Serializable {}
