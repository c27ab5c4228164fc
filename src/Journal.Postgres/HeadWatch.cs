using System.Globalization;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// Knows how far the journal goes, and wakes who waits for more. A connection of its own listens for the notices that come with every commit of any process;
/// when it breaks it is made again, at longer and longer intervals, and the head is read anew, so no notice is missed for good. For a process that
/// wants the schema for itself the same connection holds the lock that says so. Thread-safe.
/// </summary>
internal sealed class HeadWatch : IAsyncDisposable
{
    private readonly PostgresServer server;
    private readonly JournalQueries queries;
    private readonly string channel;
    private readonly TimeSpan safetyPoll;
    private readonly CancellationTokenSource stop = new();
    private readonly DriverCancellation driver;
    private readonly Lock gate = new();
    private readonly bool alone;
    private readonly string schema;
    private Task loop = Task.CompletedTask;
    private TaskCompletionSource more = NewSignal();
    private long head;
    private volatile bool listening;
    private volatile bool usurped;
    private volatile bool noticed;
    private bool closed;
    private volatile string? fault;

    private HeadWatch(PostgresServer server, JournalQueries queries, PostgresJournalOptions options)
    {
        (this.server, this.queries) = (server, queries);
        driver = new(stop.Token);
        (schema, channel, safetyPoll, alone) = (options.Schema, $"{options.Schema}_head", options.SafetyPoll, options.Alone);
    }

    /// <summary>Listens, and knows the head, before it returns.</summary>
    /// <exception cref="JournalUnusableException">The schema is wanted for this process alone, and another one has it.</exception>
    public static async Task<HeadWatch> StartAsync(PostgresServer server, JournalQueries queries, PostgresJournalOptions options, CancellationToken cancellation)
    {
        var watch = new HeadWatch(server, queries, options);
        try
        {
            var connection = await watch.ConnectAsync(cancellation).ConfigureAwait(false);
            watch.loop = Task.Run(() => watch.RunAsync(connection), CancellationToken.None);
            return watch;
        }
        catch (Exception e)
        {
            watch.driver.Dispose();
            watch.stop.Dispose();
            if (PostgresFault.IsLockTimeout(e) && options.Alone)
                throw new JournalUnusableException($"{server.Place}: another process has the schema {options.Schema}. One server at a time owns a journal; stop the other one, or choose another schema.", e);
            if (PostgresFault.Is(e)) throw PostgresFault.ToUnavailable(e, "Opening the journal", server.Place);
            throw;
        }
    }

    public long Head => Volatile.Read(ref head);

    /// <summary>True while notices arrive.</summary>
    public bool Listening => listening;

    /// <summary>Why they do not, or null.</summary>
    public string? Fault => fault;

    /// <summary>True when another process took the schema that this one had for itself, while the connection was broken.</summary>
    public bool Usurped => usurped;

    /// <summary>The journal holds entries up to here.</summary>
    public void Raise(long position)
    {
        TaskCompletionSource? waiting = null;
        lock (gate)
        {
            if (position <= head) return;
            Volatile.Write(ref head, position);
            // Nobody would end what were made now; who waited has been told of the end.
            if (closed) return;
            (waiting, more) = (more, NewSignal());
        }

        waiting.TrySetResult();
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
        lock (gate)
        {
            closed = true;
            more.TrySetException(new ObjectDisposedException(nameof(PostgresJournal)));
        }

        // Whether anybody waited is of no interest: this marks the exception as seen.
        _ = more.Task.Exception;
        driver.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync(NpgsqlConnection first)
    {
        NpgsqlConnection? connection = first;
        var pause = PostgresLimits.ListenRetryMs;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                connection ??= await ConnectAsync(driver.Token).ConfigureAwait(false);
                pause = PostgresLimits.ListenRetryMs;
                await ListenAsync(connection).ConfigureAwait(false);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever it was: a journal that says it listens and does not would leave its readers behind for good.
                // That the schema was taken holds until it is had again, also when the next attempt does not even reach the server.
                usurped = alone && (usurped || PostgresFault.IsLockTimeout(e));
                fault = usurped ? "another process has taken the schema" : PostgresFault.Say(e, server.Place);
                // What broke this connection broke the ones that lie in the pool: the next append must not be the one to find out.
                if (listening) server.Renew();
            }

            listening = false;
            await CloseAsync(connection).ConfigureAwait(false);
            connection = null;
            await Task.Delay(pause, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = Math.Min(pause * 2, PostgresLimits.ListenRetryMsMax);
        }

        listening = false;
        await CloseAsync(connection).ConfigureAwait(false);
    }

    private static async Task CloseAsync(NpgsqlConnection? connection)
    {
        try
        {
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (PostgresFault.Is(e) || e is InvalidOperationException)
        {
            // It was broken before; another one is made.
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var connection = await server.ConnectAloneAsync(cancellation).ConfigureAwait(false);
        try
        {
            // A predecessor that was killed is given a moment: its server process lets go when it finds the connection closed.
            if (alone)
                await ExecuteAsync(string.Create(CultureInfo.InvariantCulture,
                    $"SET lock_timeout = {PostgresLimits.OwnerWaitMs}; SELECT pg_advisory_lock(hashtext('chaincrm owner'), hashtext('{schema}'))")).ConfigureAwait(false);
            // The owner of the schema gives notice only while somebody holds this; its own commits it knows without.
            else
                await ExecuteAsync($"SELECT pg_advisory_lock_shared(hashtext('chaincrm listeners'), hashtext('{schema}'))").ConfigureAwait(false);
            // Any role of the database may give notice of any number: it says when to look, and what is known already needs no look.
            connection.Notification += (_, notice) =>
            {
                if (!long.TryParse(notice.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position > Head) noticed = true;
            };
            await ExecuteAsync($"LISTEN {channel}").ConfigureAwait(false);
            // Finds what was committed before the notices began.
            Raise(await queries.HeadAsync(connection, cancellation).ConfigureAwait(false));
            (fault, usurped, listening) = (null, false, true);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the head at every notice of something new until the connection breaks; after a while without any the head is read in any case, which also finds
    /// a connection that is dead.</summary>
    private async Task ListenAsync(NpgsqlConnection connection)
    {
        while (true)
        {
            // A notice that comes during a look may be of what the look did not see any more: then it is looked again.
            while (!noticed && await connection.WaitAsync(safetyPoll, driver.Token).ConfigureAwait(false))
            {
                // The handler has judged the notice.
            }

            noticed = false;
            Raise(await queries.HeadAsync(connection, driver.Token).ConfigureAwait(false));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
