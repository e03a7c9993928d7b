package org.tasknet.app;

import android.content.res.AssetManager;
import android.net.Uri;
import android.webkit.WebResourceResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The web app's built files in the APK, served under the server's own origin, so that they are there without a network and need no leave to ask it. */
final class Files {
    /** What the server's own replies allow pages: server/api sends the same. */
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; "
            + "manifest-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Paths that are the server's and no page's, as web/src/sw/routes.ts has them. */
    private static final Pattern SERVERS = Pattern.compile("^/(v1|media|log|docs|openapi[^/]*|healthz|readyz|metrics|schemas)(/.*)?$");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml", "png", "image/png", "webmanifest", "application/manifest+json");

    private final AssetManager assets;
    private final String origin;

    Files(AssetManager assets, String origin) {
        this.assets = assets;
        this.origin = origin;
    }

    /** The reply to a request, or null where it goes to the network. */
    WebResourceResponse reply(String method, Uri url, boolean page) {
        if (!"GET".equals(method) || !origin.equals(Origins.of(url)) || url.getPath() == null || SERVERS.matcher(url.getPath()).matches()) return null;
        String path = url.getPath();
        if (path.equals("/") || path.contains("..")) path = "/index.html";
        try {
            return reply(path, assets.open("web" + path));
        } catch (IOException e) {
            if (!page) return null;
        }
        try {
            return reply("/index.html", assets.open("web/index.html")); // the app's own routes have no file
        } catch (IOException e) {
            throw new IllegalStateException("There is no web app in this APK.", e);
        }
    }

    private static WebResourceResponse reply(String path, InputStream body) {
        String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT), "application/octet-stream");
        Map<String, String> headers = Map.of("Content-Security-Policy", POLICY, "X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer");
        return new WebResourceResponse(type, type.startsWith("image/png") ? null : "utf-8", 200, "OK", headers, body);
    }
}
