package com.google.firebase.messaging;

import com.google.android.gms.tasks.Task;

/** As much of Google's as the flavour fcm is compiled against here. */
public abstract class FirebaseMessaging {
    public static FirebaseMessaging getInstance() {
        throw new UnsupportedOperationException();
    }

    public abstract Task<String> getToken();

    public abstract Task<Void> deleteToken();
}
