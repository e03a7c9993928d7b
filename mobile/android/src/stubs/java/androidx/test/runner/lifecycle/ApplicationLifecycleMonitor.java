package androidx.test.runner.lifecycle;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public interface ApplicationLifecycleMonitor {}
