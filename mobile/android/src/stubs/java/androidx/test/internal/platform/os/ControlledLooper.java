package androidx.test.internal.platform.os;

import android.view.View;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public interface ControlledLooper {
    void drainMainThreadUntilIdle();

    void simulateWindowFocus(View decor);
}
