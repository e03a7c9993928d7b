package androidx.test.runner.lifecycle;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public final class ApplicationLifecycleMonitorRegistry {
    private static ApplicationLifecycleMonitor monitor;

    private ApplicationLifecycleMonitorRegistry() {}

    public static void registerInstance(ApplicationLifecycleMonitor instance) {
        monitor = instance;
    }
}
