package org.tasknet.app;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tasknet.sdk.Session;

/** Sends what waits when there is a network again, also when the app was left meanwhile. */
public class SyncJob extends JobService {
    static final int ID = 1;
    /** How long a run waits for the answers to go out. The platform allows ten minutes. */
    static final long PATIENCE_MS = 3 * 60_000;
    private static final long LOOK_MS = 500;

    private final Set<JobParameters> running = ConcurrentHashMap.newKeySet();

    /** Has it run once there is a network, also after a restart of the phone. Asking again while it waits changes nothing. */
    static void schedule(Context context) {
        JobScheduler jobs = context.getSystemService(JobScheduler.class);
        if (jobs.getPendingJob(ID) != null) return;
        jobs.schedule(new JobInfo.Builder(ID, new ComponentName(context, SyncJob.class))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setPersisted(true)
                .setBackoffCriteria(JobInfo.DEFAULT_INITIAL_BACKOFF_MILLIS, JobInfo.BACKOFF_POLICY_EXPONENTIAL)
                .build());
    }

    @Override
    public boolean onStartJob(JobParameters job) {
        running.add(job);
        ((App) getApplication()).inBackground(() -> {
            boolean again = true;
            try {
                again = !sent(job);
            } finally {
                if (running.remove(job)) jobFinished(job, again);
            }
        });
        return true;
    }

    /** Whether all that waited was sent while the job may run. */
    private boolean sent(JobParameters job) throws Exception {
        Session session = ((App) getApplication()).account().session();
        session.release();
        session.online();
        for (long end = System.nanoTime() + PATIENCE_MS * 1_000_000; session.waiting() > 0; Thread.sleep(LOOK_MS)) {
            if (!running.contains(job) || System.nanoTime() - end > 0) return false;
        }
        return true;
    }

    @Override
    public boolean onStopJob(JobParameters job) {
        running.remove(job);
        return true; // and is tried again
    }
}
