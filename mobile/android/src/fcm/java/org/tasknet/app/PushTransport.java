package org.tasknet.app;

import android.content.Context;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.FirebaseMessagingService;
import com.google.firebase.messaging.RemoteMessage;
import org.json.JSONException;
import org.json.JSONObject;
import org.tasknet.sdk.SecureStore;

/** Pushes over Firebase Cloud Messaging. */
public class PushTransport extends FirebaseMessagingService {
    /** Whether there is one: phones without Google's services fail when they are asked. */
    static boolean present(Context context) {
        return true;
    }

    static void register(Context context, SecureStore keys) {
        App app = (App) context.getApplicationContext();
        FirebaseMessaging.getInstance().getToken().addOnCompleteListener(app.workers(), task -> {
            if (task.isSuccessful()) app.inBackground(() -> app.waking().placed(place(task.getResult())));
            else app.waking().lost();
        });
    }

    static void unregister(Context context) {
        FirebaseMessaging.getInstance().deleteToken();
    }

    @Override
    public void onNewToken(String token) {
        App app = (App) getApplication();
        app.inBackground(() -> app.waking().placed(place(token)));
    }

    @Override
    public void onMessageReceived(RemoteMessage message) {
        App app = (App) getApplication();
        app.inBackground(() -> app.waking().arrived(message.getData()));
    }

    private static String place(String token) throws JSONException {
        return new JSONObject().put("fcm", new JSONObject().put("token", token)).toString();
    }
}
