package org.coinflip.model.settings;

/** Hears, while an experiment file is read, which keys there are. */
public interface DeclarationObserver {
    /** Hears nothing. */
    DeclarationObserver NONE = new DeclarationObserver() {
        @Override
        public void declared(Declaration declaration) {}

        @Override
        public void finished(String section) {}
    };

    /** A key is about to be read; one that is read several times is heard as often. */
    void declared(Declaration declaration);

    /** All keys of a section have been read, and there was none that is not known. */
    void finished(String section);
}
