/**
 * Which files of an output folder a job may replace or remove, and where an output may be. What jobs write there is their own; nothing here
 * knows what is in the files.
 */
package org.coinflip.data.output;
