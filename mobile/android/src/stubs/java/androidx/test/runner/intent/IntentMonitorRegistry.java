package androidx.test.runner.intent;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public final class IntentMonitorRegistry {
    private IntentMonitorRegistry() {}

    public static void registerInstance(IntentMonitor monitor) {}
}
