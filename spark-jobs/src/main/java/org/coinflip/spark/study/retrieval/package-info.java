/** Studies of codes: which examples are found by the distance of their codes. */
package org.coinflip.spark.study.retrieval;
