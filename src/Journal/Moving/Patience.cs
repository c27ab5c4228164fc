using ChainCrm.Journal.Sqlite;

namespace ChainCrm.Journal.Moving;

/// <summary>Goes on trying while a journal can't be reached: with growing pauses, until it has not answered for too long. A full disk and damage do not
/// pass by waiting and end it at once. Not thread-safe.</summary>
/// <param name="longest">How long to go on from the last answer.</param>
/// <param name="notice">Told once for every time that the journal stops answering.</param>
internal sealed class Patience(TimeSpan longest, Action<string>? notice)
{
    private long failingSince;
    private int pauseMs;

    /// <summary>The journal answered.</summary>
    public void Answered() => pauseMs = 0;

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="JournalUnavailableException">The one given: there is no use in waiting, or no patience left.</exception>
    public async Task WaitAsync(JournalUnavailableException fault, CancellationToken cancellation)
    {
        if (fault.DiskFull || fault.InnerException is SqliteFault { Damaged: true }) throw fault;
        if (pauseMs == 0)
        {
            (failingSince, pauseMs) = (Environment.TickCount64, JournalLimits.CopyRetryMs);
            notice?.Invoke(fault.Message);
        }

        if (Environment.TickCount64 - failingSince >= longest.TotalMilliseconds) throw fault;
        await Task.Delay(pauseMs, cancellation).ConfigureAwait(false);
        pauseMs = Math.Min(pauseMs * 2, JournalLimits.CopyRetryMsMax);
    }

    /// <summary>Reads, as often as it takes.</summary>
    public async Task<IReadOnlyList<JournalEntry>> ReadAfterAsync(IJournal journal, long position, int max, CancellationToken cancellation) =>
        await AskAsync(() => journal.ReadAfterAsync(position, max, cancellation), cancellation).ConfigureAwait(false);

    /// <summary>Asks, as often as it takes.</summary>
    public async Task<T> AskAsync<T>(Func<ValueTask<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var answer = await ask().ConfigureAwait(false);
                Answered();
                return answer;
            }
            catch (JournalUnavailableException fault)
            {
                await WaitAsync(fault, cancellation).ConfigureAwait(false);
            }
        }
    }
}
