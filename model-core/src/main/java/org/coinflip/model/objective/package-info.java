/** Loss functions, as a loss for each row of the output: {@link org.coinflip.model.objective.Objective} has all of them, {@link org.coinflip.model.objective.Targets} what outputs are held to. Costs of priors and sparsity are their layers'. */
package org.coinflip.model.objective;
