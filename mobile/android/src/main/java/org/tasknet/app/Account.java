package org.tasknet.app;

import android.content.Context;
import android.content.SharedPreferences;
import java.io.File;
import java.io.IOException;
import org.tasknet.sdk.Listener;
import org.tasknet.sdk.Sdk;
import org.tasknet.sdk.SecureStore;
import org.tasknet.sdk.Session;

/** The SDK's session of whoever uses this phone: one while the process lives. Another wallet is another account, with a folder and secrets of its own. */
final class Account {
    private final Context context;
    private final String server;
    private final Listener listener;
    private final SharedPreferences notes;
    private Session session;

    Account(Context context, String server, Listener listener) {
        this.context = context;
        this.server = server;
        this.listener = listener;
        notes = context.getSharedPreferences("account", Context.MODE_PRIVATE);
    }

    /** The session, opened when it is first asked for: that reads the disk. */
    synchronized Session session() throws Exception {
        if (session == null) {
            session = Sdk.open(folder(number()).getPath(), server, keys(number()), listener);
            String node = context.getString(R.string.node);
            if (!node.isEmpty()) session.trustNode(node);
        }
        return session;
    }

    /** The secrets of the account. */
    synchronized SecureStore keys() {
        return keys(number());
    }

    /** Puts another wallet in the place of this one: whole or not at all, also when the process dies meanwhile. */
    synchronized void restore(String wallet) throws Exception {
        Session before = session();
        int next = number() + 1;
        SecureStore fresh = keys(next);
        fresh.delete(Sdk.WalletSecret); // of one that came so far before
        Sdk.restoreWallet(fresh, wallet);
        if (fresh.get(Sdk.WalletSecret).equals(keys(number()).get(Sdk.WalletSecret))) return;
        if (before.waiting() > 0) throw new Exception("answers_wait: Answers of this wallet wait on this phone. Go online, so that they are sent, and try again.");
        before.close();
        session = null;
        SecureStore old = keys(number());
        if (!notes.edit().putInt("number", next).commit()) throw new IOException("The phone could not keep the account.");
        old.delete(Sdk.WalletSecret);
        old.delete(Sdk.DeviceSecret);
        session();
    }

    /** Has the person erased, and removes what is kept of them. The session that the next one opens is of a new device. */
    synchronized void erase(boolean wallet) throws Exception {
        Session before = session();
        try {
            before.erase(null, wallet);
        } catch (Exception e) {
            if ("not_removed".equals(Sdk.errorCode(String.valueOf(e.getMessage())))) session = null; // it is closed; the next one removes the rest
            throw e;
        }
        session = null;
        keys(number()).clear(wallet ? null : Sdk.WalletSecret);
    }

    /** Ends the session. The next one who asks opens it again. */
    synchronized void close() throws Exception {
        if (session != null) session.close();
        session = null;
    }

    private int number() {
        return notes.getInt("number", 1);
    }

    private Keys keys(int number) {
        return new Keys(context, Integer.toString(number));
    }

    private File folder(int number) {
        return new File(context.getNoBackupFilesDir(), "tasknet/" + number);
    }
}
