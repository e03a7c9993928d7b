package com.google.android.gms.tasks;

import java.util.concurrent.Executor;

/** As much of Google's as the flavour fcm is compiled against here. */
public abstract class Task<T> {
    public abstract Task<T> addOnCompleteListener(Executor by, OnCompleteListener<T> listener);

    public abstract boolean isSuccessful();

    public abstract T getResult();
}
