/** Tables, whatever they were read from: what their columns are for, how their cells become features, labels, ids and weights, part by part. */
package org.coinflip.data.table;
