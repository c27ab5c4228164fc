namespace ChainCrm.Journal.Sqlite;

/// <summary>The one thread that brings index.db up to the journal, a run at a time, behind the commits, and merges the runs.</summary>
internal sealed class IndexWorker : IDisposable
{
    private readonly string folder;
    private readonly IndexFile file;
    private readonly Tail tail;
    private readonly TimeSpan idle;
    private readonly AutoResetEvent wake = new(false);
    private readonly ManualResetEventSlim progressed = new(false);
    private readonly Lock gate = new();
    private readonly List<TaskCompletionSource> flushes = [];
    private readonly Thread thread;
    private volatile bool stopping;
    private volatile SqliteFault? fault;

    public IndexWorker(string folder, IndexFile file, Tail tail, TimeSpan idle)
    {
        (this.folder, this.file, this.tail, this.idle) = (folder, file, tail, idle);
        thread = new(Run) { IsBackground = true, Name = "journal index" };
        thread.Start();
    }

    /// <summary>Why the index does not get on, or null when it does.</summary>
    public Exception? Fault => fault;

    /// <summary>There is a full segment.</summary>
    public void Wake() => wake.Set();

    /// <summary>Waits until fewer than so many entries are not indexed yet.</summary>
    /// <exception cref="JournalUnavailableException">The index did not get there in time.</exception>
    public void WaitForRoom(long unindexedMax)
    {
        if (tail.Count < unindexedMax) return;
        var giveUpAt = Environment.TickCount64 + JournalLimits.IndexWaitMs;
        while (tail.Count >= unindexedMax)
        {
            progressed.Reset();
            wake.Set();
            var left = giveUpAt - Environment.TickCount64;
            if (tail.Count < unindexedMax) return;
            if (left > 0 && progressed.Wait((int)left)) continue;
            var reason = fault;
            throw new JournalUnavailableException(
                $"{tail.Count} entries wait for the index, and it did not get on within {JournalLimits.IndexWaitMs} ms.", reason ?? new SqliteFault("too slow"))
            { DiskFull = reason is { DiskFull: true } };
        }
    }

    /// <summary>Ends when everything committed before is in the index, and the thread has nothing left to do.</summary>
    public Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (stopping) return Task.CompletedTask;
            flushes.Add(done);
        }

        wake.Set();
        return done.Task;
    }

    /// <summary>Indexes what is left and ends the thread. What is left to be merged is merged after the next start.</summary>
    public void Dispose()
    {
        lock (gate) stopping = true;
        wake.Set();
        thread.Join();
        wake.Dispose();
        progressed.Dispose();
    }

    private void Run()
    {
        List<TaskCompletionSource> waiting = [];
        var retryMs = JournalLimits.IndexRetryMs;
        var waitMs = (int)idle.TotalMilliseconds;
        var retrying = false;
        var more = file.Due;
        while (true)
        {
            var woken = more || wake.WaitOne(waitMs);
            var last = stopping;
            var asked = TakeFlushes();
            waiting.AddRange(asked);
            try
            {
                // What was closed stays closed, so there is no reason to close more when it is only tried again: each time would make a small run.
                var quiet = !woken && !retrying;
                var count = Index(closeCurrent: last || quiet || asked.Count > 0, all: last || asked.Count > 0, out more);
                if (!last) more |= Tend(count);
                fault = null;
                retryMs = JournalLimits.IndexRetryMs;
                waitMs = (int)idle.TotalMilliseconds;
                retrying = false;
                if (!more || last) End(waiting, null);
            }
            catch (SqliteFault e)
            {
                // Nothing is lost: the tail stays in memory and the entries in the journal. Room on the disk may come back; damage is mended by the next start.
                fault = e;
                if (e.Damaged) DamageMark.Leave(folder);
                more = false;
                retrying = true;
                waitMs = retryMs;
                retryMs = Math.Min(retryMs * 2, JournalLimits.IndexRetryMsMax);
                End(waiting, e);
            }

            if (last) return;
        }
    }

    /// <summary>One transaction, or as many as it takes.</summary>
    /// <returns>The entries that went to the index; <paramref name="more"/> says that closed segments are left.</returns>
    private long Index(bool closeCurrent, bool all, out bool more)
    {
        long count = 0;
        while (true)
        {
            var segments = tail.TakeClosed(JournalLimits.IndexSegmentsMax, closeCurrent);
            more = !all && segments.Length == JournalLimits.IndexSegmentsMax;
            if (segments.Length == 0) return count;
            file.Write(segments);
            foreach (var segment in segments) count += segment.Count;
            tail.Drop(segments);
            progressed.Set();
            if (!all) return count;
        }
    }

    /// <summary>As many slices as keep up with the entries that came in, and at least one.</summary>
    /// <returns>True when something is left to be done.</returns>
    private bool Tend(long indexed)
    {
        long merged = 0;
        while (file.Due)
        {
            merged += file.Tend();
            if (merged >= indexed * JournalLimits.IndexMergeShare || stopping) break;
        }

        return file.Due;
    }

    private void End(List<TaskCompletionSource> waiting, SqliteFault? because)
    {
        foreach (var done in waiting)
        {
            if (because is null) done.SetResult();
            else done.SetException(because.ToUnavailable("Indexing", IndexFile.PathIn(folder)));
        }

        waiting.Clear();
    }

    private List<TaskCompletionSource> TakeFlushes()
    {
        lock (gate)
        {
            if (flushes.Count == 0) return [];
            List<TaskCompletionSource> taken = [.. flushes];
            flushes.Clear();
            return taken;
        }
    }
}
