package org.tasknet.app;

import android.net.Uri;
import java.util.Locale;

/** Where an address belongs to. */
final class Origins {
    private Origins() {}

    /** The origin of an address as browsers write it, or nothing where it has none. */
    static String of(Uri url) {
        if (url == null || url.getScheme() == null || url.getHost() == null || url.getUserInfo() != null) return "";
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int port = url.getPort();
        boolean usual = port < 0 || port == (scheme.equals("https") ? 443 : 80);
        return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }
}
