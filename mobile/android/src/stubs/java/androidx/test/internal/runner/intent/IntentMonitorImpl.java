package androidx.test.internal.runner.intent;

import android.content.Intent;
import androidx.test.runner.intent.IntentMonitor;

/** As much of androidx.test as Robolectric needs to run; its own is not on Maven Central. */
public class IntentMonitorImpl implements IntentMonitor {
    public void signalIntent(Intent intent) {}
}
