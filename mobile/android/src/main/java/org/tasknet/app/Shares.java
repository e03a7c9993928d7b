package org.tasknet.app;

import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.util.Base64;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.json.JSONException;
import org.json.JSONObject;

/** What another app has given to this one, until the page fetches it. */
final class Shares {
    /** The largest picture: in base64 it fits into a reply of the bridge. */
    static final int PICTURE_MOST = 3 << 20;
    static final int TEXT_MOST = 20_000;

    private final Context context;
    private String text = "";
    private Uri picture;

    Shares(Context context) {
        this.context = context;
    }

    /** Keeps what an intent brings. False when it brings nothing. */
    synchronized boolean keep(Intent intent) {
        if (!Intent.ACTION_SEND.equals(intent.getAction())) return false;
        CharSequence title = intent.getCharSequenceExtra(Intent.EXTRA_SUBJECT);
        CharSequence body = intent.getCharSequenceExtra(Intent.EXTRA_TEXT);
        String all = (title == null || body != null && body.toString().contains(title) ? "" : title + "\n") + (body == null ? "" : body);
        text = all.substring(0, Math.min(all.length(), TEXT_MOST)).trim();
        Object stream = intent.getExtras() == null ? null : intent.getExtras().get(Intent.EXTRA_STREAM);
        picture = stream instanceof Uri && "content".equals(((Uri) stream).getScheme()) ? (Uri) stream : null; // a file: could be one of ours
        return !text.isEmpty() || picture != null;
    }

    /** What was shared, once, as the bridge tells it. A picture that is too large or cannot be read is left out. */
    synchronized String take() throws JSONException {
        JSONObject out = new JSONObject().put("text", text);
        Uri from = picture;
        text = "";
        picture = null;
        String type = from == null ? null : context.getContentResolver().getType(from);
        if (type != null && type.startsWith("image/")) {
            try {
                byte[] bytes = read(from);
                if (bytes != null) out.put("type", type).put("picture", Base64.encodeToString(bytes, Base64.NO_WRAP));
            } catch (IOException | SecurityException e) {
                return out.toString(); // the other app has taken it back
            }
        }
        return out.toString();
    }

    private byte[] read(Uri from) throws IOException {
        try (InputStream in = context.getContentResolver().openInputStream(from)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int n; in != null && (n = in.read(part)) >= 0; ) {
                out.write(part, 0, n);
                if (out.size() > PICTURE_MOST) return null;
            }
            return out.toByteArray();
        }
    }
}
