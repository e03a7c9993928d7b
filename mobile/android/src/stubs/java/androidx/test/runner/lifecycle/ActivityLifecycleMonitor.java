package androidx.test.runner.lifecycle;

import android.app.Activity;
import java.util.Collection;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public interface ActivityLifecycleMonitor {
    void addLifecycleCallback(ActivityLifecycleCallback callback);

    void removeLifecycleCallback(ActivityLifecycleCallback callback);

    Stage getLifecycleStageOf(Activity activity);

    Collection<Activity> getActivitiesInStage(Stage stage);
}
