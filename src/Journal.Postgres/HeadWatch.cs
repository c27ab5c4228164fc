using System.Globalization;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// Knows how far the journal goes, and wakes who waits for more. A connection of its own listens for the notices that come with every commit of any process;
/// when it breaks it is made again, at longer and longer intervals, and the head is read anew, so no notice is missed for good. Thread-safe.
/// </summary>
internal sealed class HeadWatch : IAsyncDisposable
{
    private readonly PostgresServer server;
    private readonly JournalQueries queries;
    private readonly string channel;
    private readonly TimeSpan safetyPoll;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly Task loop;
    private TaskCompletionSource more = NewSignal();
    private long head;
    private volatile bool listening;
    private volatile string? fault;

    public HeadWatch(PostgresServer server, JournalQueries queries, PostgresJournalOptions options, long head)
    {
        (this.server, this.queries, this.head) = (server, queries, head);
        (channel, safetyPoll) = ($"{options.Schema}_head", options.SafetyPoll);
        loop = Task.Run(RunAsync);
    }

    public long Head => Volatile.Read(ref head);

    /// <summary>True while notices arrive.</summary>
    public bool Listening => listening;

    /// <summary>Why they do not, or null.</summary>
    public string? Fault => fault;

    /// <summary>The journal holds entries up to here.</summary>
    public void Raise(long position)
    {
        TaskCompletionSource? waiting = null;
        lock (gate)
        {
            if (position <= head) return;
            Volatile.Write(ref head, position);
            (waiting, more) = (more, NewSignal());
        }

        waiting.SetResult();
    }

    /// <summary>Ends when the head is above the position.</summary>
    public async Task WaitAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            Task signal;
            lock (gate)
            {
                if (head > position) return;
                signal = more.Task;
            }

            await signal.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await loop.ConfigureAwait(false);
        lock (gate) more.TrySetException(new ObjectDisposedException(nameof(PostgresJournal)));
        // Whether anybody waited is of no interest: this marks the exception as seen.
        _ = more.Task.Exception;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = PostgresLimits.ListenRetryMs;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(() => pause = PostgresLimits.ListenRetryMs).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException && stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (PostgresFault.Is(e) || e is InvalidOperationException or OperationCanceledException)
            {
                fault = PostgresFault.Say(e, server.Place);
                // What broke this connection broke the ones that lie in the pool: the next append must not be the one to find out.
                if (listening) server.Renew();
            }

            listening = false;
            await Task.Delay(pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = Math.Min(pause * 2, PostgresLimits.ListenRetryMsMax);
        }

        listening = false;
    }

    private async Task ListenAsync(Action connected)
    {
        await using var connection = await server.ConnectAloneAsync(stop.Token).ConfigureAwait(false);
        connection.Notification += (_, notice) =>
        {
            if (long.TryParse(notice.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) Raise(position);
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection)) await listen.ExecuteNonQueryAsync(stop.Token).ConfigureAwait(false);
        while (true)
        {
            // After the first LISTEN this finds what was committed before it; later on, what a lost notice was about.
            Raise(await queries.HeadAsync(connection, stop.Token).ConfigureAwait(false));
            (fault, listening) = (null, true);
            connected();
            while (await connection.WaitAsync(safetyPoll, stop.Token).ConfigureAwait(false))
            {
                // The notice has been taken in by the handler above.
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
