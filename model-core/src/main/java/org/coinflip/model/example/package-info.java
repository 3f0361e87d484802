/** Labelled examples in the compact form in which data-prep hands them over and workers keep them. */
package org.coinflip.model.example;
