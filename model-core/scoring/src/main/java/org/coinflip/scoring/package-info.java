/** What is only in the jar for scoring: its command line. Programs use {@link org.coinflip.Scorer}. */
package org.coinflip.scoring;
