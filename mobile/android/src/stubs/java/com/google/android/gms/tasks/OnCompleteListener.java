package com.google.android.gms.tasks;

/** As much of Google's as the flavour fcm is compiled against here. */
public interface OnCompleteListener<T> {
    void onComplete(Task<T> task);
}
