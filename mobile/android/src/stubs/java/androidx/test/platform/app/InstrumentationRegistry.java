package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public final class InstrumentationRegistry {
    private static Instrumentation instrumentation;

    private InstrumentationRegistry() {}

    public static Instrumentation getInstrumentation() {
        return instrumentation;
    }

    public static void registerInstance(Instrumentation instance, Bundle arguments) {
        instrumentation = instance;
    }
}
