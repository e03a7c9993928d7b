package org.tasknet.app;

import android.content.ContentResolver;
import android.content.Context;
import android.net.Uri;
import android.provider.DocumentsContract;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** A file that a page saves: it comes by piece, is held in memory alone, since it may be a key, and goes where the person says. */
final class Saves {
    static final int MOST = 16 << 20;
    private static final Pattern NAME = Pattern.compile("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]{0,99}");
    private static final Pattern TYPE = Pattern.compile("[a-z]+/[a-z0-9.+-]{1,60}");

    private final Context context;
    private ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private CompletableFuture<Uri> asking;

    Saves(Context context) {
        this.context = context;
    }

    /** Takes a piece, in base64, that begins where the last ended. One at 0 begins a file anew. */
    synchronized void piece(int at, String base64) throws Exception {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new Exception("bad_file: A piece of a file is in base64.");
        }
        if (at == 0) pieces = new ByteArrayOutputStream();
        if (at != pieces.size()) throw new Exception("bad_file: A piece of the file is missing.");
        if (at + bytes.length > MOST) {
            forget();
            throw new Exception("too_large: The app saves files of 16 MB at most. Open the page in a browser for this one.");
        }
        pieces.write(bytes, 0, bytes.length);
    }

    /** Asks the person where, and writes the file there. Waits for both. Returns saved or cancelled. */
    String save(String name, String type, int size, Requested.Screen screen) throws Exception {
        CompletableFuture<Uri> answer = new CompletableFuture<>();
        ByteArrayOutputStream file;
        synchronized (this) {
            if (asking != null) throw new Exception("busy: Another file is being saved. Finish that first.");
            if (!NAME.matcher(name).matches() || !TYPE.matcher(type).matches() || size != pieces.size()) throw new Exception("bad_file: That is not how a file is saved.");
            file = pieces;
            forget();
            asking = answer;
        }
        screen.askWhere(name, type);
        Uri to;
        try {
            to = answer.get();
        } catch (ExecutionException e) {
            throw new Exception("not_saved: This phone has nothing that saves files.");
        }
        if (to == null) return "cancelled";
        try (OutputStream out = context.getContentResolver().openOutputStream(to)) {
            if (out == null) throw new FileNotFoundException();
            file.writeTo(out);
        } catch (IOException | RuntimeException e) { // of another app's, which may throw what it likes
            discard(to);
            throw new Exception("not_saved: The file could not be written there. Choose another place.");
        }
        return "saved";
    }

    /** The person has chosen a place, or none. A place for a file that went with an older process is taken back: it would stay empty. */
    synchronized void chosen(Uri to) {
        if (asking != null) asking.complete(to);
        else if (to != null) discard(to);
        asking = null;
    }

    /** Nobody can be asked. */
    synchronized void impossible(Exception why) {
        if (asking != null) asking.completeExceptionally(why);
        asking = null;
    }

    /** Forgets what has come. */
    synchronized void forget() {
        pieces = new ByteArrayOutputStream();
    }

    private void discard(Uri document) {
        ContentResolver resolver = context.getContentResolver();
        try {
            DocumentsContract.deleteDocument(resolver, document);
        } catch (FileNotFoundException | RuntimeException e) {
            android.util.Log.w("TaskNet", "An empty file stays: " + e.getMessage());
        }
    }
}
