package org.tasknet.app;

import android.app.Notification;
import android.os.Build;

/** What Android 11 does not have yet. Call nothing of this before SDK. */
final class Since31 {
    static final int SDK = Build.VERSION_CODES.S;

    private Since31() {}

    /** Has a button of a notice unlock the phone first. */
    static Notification.Action unlocking(Notification.Action.Builder action) {
        return action.setAuthenticationRequired(true).build();
    }
}
