package com.google.firebase.messaging;

import java.util.Map;

/** As much of Google's as the flavour fcm is compiled against here. */
public abstract class RemoteMessage {
    public abstract Map<String, String> getData();
}
