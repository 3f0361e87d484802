package org.coinflip.spark.sweep.trial;

/** What trials do, by the names that sweep files use. */
public enum Programs {
    /** Trains the experiment that the file's root is. */
    TRAIN(new TrainingProgram()),
    /** Nothing: for measuring what a trial costs. */
    NOTHING(new NothingProgram()),
    /** Evaluates a test function of optimisation. */
    FUNCTION(new FunctionProgram()),
    /** Goes wrong as it is told to: for seeing that a sweep survives. */
    DRILL(new DrillProgram());

    private final TrialProgram program;

    Programs(TrialProgram program) {
        this.program = program;
    }

    public TrialProgram program() {
        return program;
    }
}
