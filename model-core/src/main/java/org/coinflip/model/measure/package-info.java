/**
 * Measures of predictions on labelled examples: what they are, how partial results are merged, how summaries write them. Which examples are
 * predicted, and by what, is in {@code training}; where partial results come from on a cluster is in spark-jobs. docs/measures.md has
 * every key with its formula.
 */
package org.coinflip.model.measure;
