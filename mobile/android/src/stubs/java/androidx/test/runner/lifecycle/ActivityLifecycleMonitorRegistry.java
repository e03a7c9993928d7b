package androidx.test.runner.lifecycle;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public final class ActivityLifecycleMonitorRegistry {
    private static ActivityLifecycleMonitor monitor;

    private ActivityLifecycleMonitorRegistry() {}

    public static ActivityLifecycleMonitor getInstance() {
        return monitor;
    }

    public static void registerInstance(ActivityLifecycleMonitor instance) {
        monitor = instance;
    }
}
