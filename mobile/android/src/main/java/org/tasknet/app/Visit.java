package org.tasknet.app;

import java.util.function.BiConsumer;
import org.tasknet.sdk.Follower;
import org.tasknet.sdk.Stream;

/** That the person is here, as the page says: meanwhile they are not woken, and the page is told what they are offered. */
final class Visit implements Follower {
    private final Account account;
    private final BiConsumer<String, String> page;
    private Stream stream;

    Visit(Account account, BiConsumer<String, String> page) {
        this.account = account;
        this.page = page;
    }

    /** Opens the stream anew, or ends it. */
    synchronized void turn(boolean on) throws Exception {
        Stream before = stream;
        stream = null;
        if (before != null) before.close();
        if (on) stream = account.session().visit(this);
    }

    @Override
    public void happened(String kind, String id, String body) {
        if (kind.equals("question.offered")) page.accept("offered", body);
        else page.accept("here", "{\"live\":" + kind.equals("connected") + "}");
    }

    @Override
    public void ended(String code, String text) {
        page.accept("here", "{\"live\":false}");
    }
}
