package androidx.test.runner.lifecycle;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public enum Stage {
    PRE_ON_CREATE,
    CREATED,
    STARTED,
    RESUMED,
    PAUSED,
    STOPPED,
    RESTARTED,
    DESTROYED
}
