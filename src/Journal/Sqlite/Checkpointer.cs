using SQLitePCL;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// Moves the WAL into journal.db on a thread of its own, so that no commit pays for it. Under an unbroken stream of commits the WAL would never be moved
/// to its end and grow for ever; beyond a size commits pause for the little that is left, and the WAL begins anew. Where that thread can't keep up with the
/// commits (a slow disk, no processor left for it) they wait for it.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    private const int FrameBytes = 8_192 + 24;
    private readonly string path;
    private readonly SqliteJournalOptions options;
    private readonly Lock appendGate;
    private readonly AutoResetEvent wake = new(false);
    private readonly Thread thread;
    private Db? db;
    private readonly ManualResetEventSlim turned = new(false);
    private long written;
    private long walBytes;
    private volatile bool stopping;
    private volatile SqliteFault? fault;

    /// <param name="path">journal.db.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="appendGate">Held by every append; held here while the WAL begins anew.</param>
    public Checkpointer(string path, SqliteJournalOptions options, Lock appendGate)
    {
        (this.path, this.options, this.appendGate) = (path, options, appendGate);
        thread = new(Run) { IsBackground = true, Name = "journal checkpoints" };
        thread.Start();
    }

    /// <summary>Why the WAL is not moved, or null when it is.</summary>
    public Exception? Fault => fault;

    /// <summary>So many bytes were committed. Called under the append gate.</summary>
    public void Written(long bytes)
    {
        Interlocked.Add(ref walBytes, bytes);
        written += bytes;
        if (written < options.CheckpointBytes) return;
        written = 0;
        wake.Set();
    }

    /// <summary>Waits for a turn of the thread when the WAL has outgrown its size by far. Called before the append gate is taken, which the turn needs.</summary>
    public void WaitForTurn()
    {
        if (Volatile.Read(ref walBytes) < (long)options.WalBytesMax * JournalLimits.WalOverrunMax) return;
        turned.Reset();
        wake.Set();
        turned.Wait(JournalLimits.WalTurnWaitMs);
    }

    /// <summary>Ends the thread and moves all of the WAL. Nobody else may use the file any more.</summary>
    public void Dispose()
    {
        stopping = true;
        wake.Set();
        thread.Join();
        wake.Dispose();
        try
        {
            (db ??= JournalFile.OpenCheckpointer(path)).Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (SqliteFault e)
        {
            // What stays in the WAL is committed all the same and is moved after the next start.
            fault = e;
        }

        db?.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            wake.WaitOne();
            if (stopping) return;
            try
            {
                Move();
                fault = null;
            }
            catch (SqliteFault e)
            {
                // Tried again after the next bytes; a full disk refuses appends by itself.
                fault = e;
                db?.Dispose();
                db = null;
            }

            turned.Set();
        }
    }

    private void Move()
    {
        db ??= JournalFile.OpenCheckpointer(path);
        var moved = db.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
        if (moved is not { } state) return;
        // SQLite may have begun anew by itself, so it is asked how long the WAL is; what is committed just now is counted at the next turn.
        Interlocked.Exchange(ref walBytes, (long)state.Frames * FrameBytes);
        if ((long)state.Frames * FrameBytes < options.WalBytesMax) return;
        lock (appendGate)
        {
            if (db.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART) is not null) Interlocked.Exchange(ref walBytes, 0);
        }
    }
}
