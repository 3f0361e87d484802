/** A program that uses Coinflip's units from DL4J, as a DL4J user would. */
package org.coinflip.dl4j.example;
