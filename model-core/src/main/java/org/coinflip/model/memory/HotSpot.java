package org.coinflip.model.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** What the virtual machine says of its options. */
public final class HotSpot {
    private HotSpot() {}

    /** The value of an option; empty in a virtual machine without it, of another maker, or whose modules leave out its management. */
    public static Optional<String> option(String name) {
        try {
            return Optional.ofNullable(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class))
                    .map(bean -> bean.getVMOption(name).getValue());
        } catch (IllegalArgumentException | LinkageError e) {
            return Optional.empty();
        }
    }
}
