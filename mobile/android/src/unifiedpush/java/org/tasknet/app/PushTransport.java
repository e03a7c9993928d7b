package org.tasknet.app;

import android.app.PendingIntent;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.SharedPreferences;
import android.content.pm.ResolveInfo;
import java.security.SecureRandom;
import java.util.List;
import org.tasknet.sdk.SecureStore;

/** Pushes over a distributor of UnifiedPush, an app that the person has chosen: https://unifiedpush.org/developers/spec/android/ */
public class PushTransport extends BroadcastReceiver {
    private static final String DISTRIBUTOR = "org.unifiedpush.android.distributor.";
    private static final String CONNECTOR = "org.unifiedpush.android.connector.";
    private static final String SECRET = "tasknet.push";

    /** Whether there is a distributor. */
    static boolean present(Context context) {
        return distributor(context) != null;
    }

    /** Asks the distributor for an endpoint. It comes by a broadcast. */
    static void register(Context context, SecureStore keys) throws Exception {
        if (keys.get(SECRET).isEmpty()) keys.set(SECRET, WebPush.make().secret());
        SharedPreferences notes = notes(context);
        if (!notes.contains("token")) notes.edit().putString("token", Long.toHexString(new SecureRandom().nextLong()) + Long.toHexString(new SecureRandom().nextLong())).commit();
        send(context, "REGISTER");
    }

    static void unregister(Context context) {
        send(context, "UNREGISTER");
        notes(context).edit().remove("token").apply();
    }

    @Override
    public void onReceive(Context context, Intent intent) {
        App app = (App) context.getApplicationContext();
        String token = notes(context).getString("token", null);
        if (token == null || !token.equals(intent.getStringExtra("token")) || intent.getAction() == null) return; // only the distributor knows it
        PendingResult result = goAsync();
        app.inBackground(() -> {
            try {
                take(app, intent);
            } finally {
                if (result != null) result.finish(); // there is none when nobody waits
            }
        });
    }

    private static void take(App app, Intent intent) throws Exception {
        switch (intent.getAction().substring(CONNECTOR.length())) {
            case "NEW_ENDPOINT":
                app.waking().placed(keys(app).place(intent.getStringExtra("endpoint")));
                return;
            case "MESSAGE":
                byte[] message = intent.getByteArrayExtra("bytesMessage");
                if (message != null) app.waking().arrived(Pushed.fields(keys(app).open(message)));
                return;
            default:
                app.waking().lost();
        }
    }

    private static WebPush keys(App app) throws Exception {
        return WebPush.read(app.account().keys().get(SECRET));
    }

    private static void send(Context context, String what) {
        String distributor = distributor(context);
        if (distributor == null) return;
        // It is how the distributor knows who asks.
        PendingIntent us = PendingIntent.getBroadcast(context, 0, new Intent(), PendingIntent.FLAG_IMMUTABLE);
        context.sendBroadcast(new Intent(DISTRIBUTOR + what)
                .setPackage(distributor)
                .putExtra("token", notes(context).getString("token", ""))
                .putExtra("application", context.getPackageName())
                .putExtra("pi", us));
    }

    private static String distributor(Context context) {
        List<ResolveInfo> all = context.getPackageManager().queryBroadcastReceivers(new Intent(DISTRIBUTOR + "REGISTER"), 0);
        return all.isEmpty() ? null : all.get(0).activityInfo.packageName;
    }

    private static SharedPreferences notes(Context context) {
        return context.getSharedPreferences("unifiedpush", Context.MODE_PRIVATE);
    }
}
