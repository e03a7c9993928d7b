package org.tasknet.app;

import android.net.Uri;
import android.os.Handler;
import android.os.Looper;
import android.webkit.WebMessage;
import android.webkit.WebMessagePort;
import android.webkit.WebView;
import java.util.function.Consumer;

/** The channel to the page in the main frame: a port that the WebView hands to that frame alone, if it is of our origin. All is done on the screen's thread. */
final class PageChannel implements Consumer<String> {
    private static final String GREETING = "tasknet-bridge";

    private final Handler screen = new Handler(Looper.getMainLooper());
    private final WebView view;
    private final String origin;
    private Door door;
    private WebMessagePort port;

    PageChannel(WebView view, String origin) {
        this.view = view;
        this.origin = origin;
    }

    /** Has what the page asks for go through a door. */
    void leadTo(Door door) {
        this.door = door;
    }

    /** Opens a channel to the page that was loaded. */
    void open() {
        close();
        if (!origin.equals(shown())) return;
        WebMessagePort[] ends = view.createWebMessageChannel();
        WebMessagePort mine = ends[0];
        port = mine;
        mine.setWebMessageCallback(new WebMessagePort.WebMessageCallback() {
            @Override
            public void onMessage(WebMessagePort from, WebMessage message) {
                if (port == mine) door.receive(shown(), true, message.getData()); // only the main frame was given the other end
            }
        }, screen);
        view.postWebMessage(new WebMessage(GREETING, new WebMessagePort[] {ends[1]}), Uri.parse(origin));
    }

    /** Ends the channel: the page it led to is gone. */
    void close() {
        if (port != null) port.close();
        port = null;
    }

    /** Says something to the page, if there is one. Any thread may. */
    @Override
    public void accept(String message) {
        screen.post(() -> {
            if (port != null) port.postMessage(new WebMessage(message));
        });
    }

    private String shown() {
        return view.getUrl() == null ? "" : Origins.of(Uri.parse(view.getUrl()));
    }
}
