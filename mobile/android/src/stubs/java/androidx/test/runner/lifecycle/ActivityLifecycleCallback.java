package androidx.test.runner.lifecycle;

import android.app.Activity;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public interface ActivityLifecycleCallback {
    void onActivityLifecycleChanged(Activity activity, Stage stage);
}
