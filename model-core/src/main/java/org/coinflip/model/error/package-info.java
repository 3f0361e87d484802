/** The failures that a user can cause, each with the exit code of its kind. What is a defect of ours is an ordinary runtime exception. */
package org.coinflip.model.error;
