/**
 * What keys experiment files have: heard from the code that reads them, on sample files that are varied; with a sentence for each, as
 * {@code docs/reference.md} and {@code --help KEY} have them.
 */
package org.coinflip.spark.reference;
