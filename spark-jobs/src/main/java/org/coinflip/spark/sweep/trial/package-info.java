/** What runs in a task: one trial from its settings to its record, whatever goes wrong in it. Knows nothing of sweeps around it. */
package org.coinflip.spark.sweep.trial;
