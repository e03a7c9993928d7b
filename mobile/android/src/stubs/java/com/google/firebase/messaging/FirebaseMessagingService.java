package com.google.firebase.messaging;

import android.app.Service;
import android.content.Intent;
import android.os.IBinder;

/** As much of Google's as the flavour fcm is compiled against here. */
public abstract class FirebaseMessagingService extends Service {
    public void onNewToken(String token) {}

    public void onMessageReceived(RemoteMessage message) {}

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
