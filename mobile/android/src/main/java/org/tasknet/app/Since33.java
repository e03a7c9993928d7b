package org.tasknet.app;

import android.Manifest;
import android.app.Activity;
import android.os.Build;
import android.window.OnBackInvokedCallback;
import android.window.OnBackInvokedDispatcher;

/** What Android 12 does not have yet. Only classes named so may have what Android 10 has not: the others are compiled against it, too. Call nothing of this before SDK. */
final class Since33 {
    static final int SDK = Build.VERSION_CODES.TIRAMISU;
    static final String NOTIFY = Manifest.permission.POST_NOTIFICATIONS;

    private Since33() {}

    /** Has the back gesture do something, until the result is run. */
    static Runnable takeBack(Activity screen, Runnable back) {
        OnBackInvokedDispatcher dispatcher = screen.getOnBackInvokedDispatcher();
        OnBackInvokedCallback callback = back::run;
        dispatcher.registerOnBackInvokedCallback(OnBackInvokedDispatcher.PRIORITY_DEFAULT, callback);
        return () -> dispatcher.unregisterOnBackInvokedCallback(callback);
    }
}
