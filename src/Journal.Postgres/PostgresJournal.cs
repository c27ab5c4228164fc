using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// The journal in a schema of a PostgreSQL database. Any number of processes may append to it at once; each batch is one round trip and one transaction, and the
/// server lets one at a time through, so positions have no gaps and appear in the order of the commits. One that has the schema for itself appends at less
/// cost, on the caller's thread. See docs/formats/journal-postgres.md. Thread-safe.
/// </summary>
public sealed class PostgresJournal : IJournal
{
    private readonly PostgresServer server;
    private readonly AppendStatement append;
    private readonly JournalQueries queries;
    private readonly HeadWatch watch;
    private readonly OwnedAppend? owned;
    private readonly int appenders;
    private readonly SemaphoreSlim appending;
    private volatile bool disposed;

    private PostgresJournal(PostgresJournalOptions options, PostgresServer server, JournalQueries queries, HeadWatch watch)
    {
        (this.server, this.queries, this.watch) = (server, queries, watch);
        append = new(options.Schema);
        // Who has the schema for itself compares each batch with what the one before has left: one at a time is with the server.
        owned = options.Alone ? new(server, options.Schema, append) : null;
        appenders = options.Alone ? 1 : PostgresLimits.AppendersMax;
        appending = new(appenders, appenders);
    }

    /// <summary>Position of the last committed entry that this process knows of; 0 when empty. What another process commits is known a moment later.</summary>
    public long Head => watch.Head;

    /// <summary>How the journal is doing, for telemetry and readiness.</summary>
    public PostgresJournalStatus Status => new() { Head = Head, Listening = watch.Listening, ListenFault = watch.Fault };

    /// <summary>Opens the journal of a schema, makes its tables where they are missing, and brings older ones up to date.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">The schema is newer than this build, holds something else, can't be made with the rights given, or is another
    /// process's; or the server does not keep what it commits. Nothing was touched.</exception>
    public static async Task<PostgresJournal> OpenAsync(PostgresJournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        await new PostgresSchema(options).PrepareAsync(cancellation).ConfigureAwait(false);
        var server = new PostgresServer(options, durable: true);
        HeadWatch? watch = null;
        try
        {
            var queries = new JournalQueries(options.Schema);
            watch = await HeadWatch.StartAsync(server, queries, options, cancellation).ConfigureAwait(false);
            // After the schema has been taken: who seals it takes it as well. What is sealed later refuses the appends.
            await PostgresSeal.RefuseAsync(server, options, cancellation).ConfigureAwait(false);
            return new(options, server, queries, watch);
        }
        catch
        {
            if (watch is not null) await watch.DisposeAsync().ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(IReadOnlyList<EntryToAppend> batch, CancellationToken cancellation = default)
    {
        JournalInput.CheckBatch(batch);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (batch.Count == 0) return new(0, []);
        await appending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (watch.Usurped) throw new JournalUnavailableException($"Appending: another process has taken the journal at {server.Place}. Stop one of the two.");
            // On this thread, as long as nobody appends beside it: the engine's thread waits for its batch anyway.
            var result = owned is null ? await AppendAsync(new AppendColumns(batch), cancellation).ConfigureAwait(false) : owned.Append(batch);
            if (result.Committed) watch.Raise(result.FirstPosition + batch.Count - 1);
            return result;
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            if (PostgresFault.IsOfConnection(e)) server.Renew();
            await LookForHeadAsync().ConfigureAwait(false);
            throw PostgresFault.ToUnavailable(e, "Appending", server.Place);
        }
        finally
        {
            appending.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamAsync(string stream, long fromVersion, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckReadMax(max);
        return ReadAsync((connection, token) => queries.ForwardAsync(connection, stream, fromVersion, max, token), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<JournalEntry>> ReadStreamBackwardAsync(string stream, long beforeVersion, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckReadMax(max);
        return ReadAsync((connection, token) => queries.BackwardAsync(connection, stream, beforeVersion, max, token), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<JournalEntry?> FindCommandAsync(string stream, string commandId, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        JournalInput.CheckCommandId(commandId);
        return ReadAsync((connection, token) => queries.FindCommandAsync(connection, stream, commandId, token), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalEntry>> ReadAfterAsync(long position, int max, CancellationToken cancellation = default)
    {
        JournalInput.CheckReadMax(max);
        var entries = await ReadAsync((connection, token) => queries.AfterAsync(connection, position, max, token), cancellation).ConfigureAwait(false);
        if (entries.Count > 0) watch.Raise(entries[^1].Position);
        return entries;
    }

    /// <summary>Ends when there is an entry after the position, whoever wrote it: at once by the server's notice, or within seconds when a notice got lost.</summary>
    public Task WaitForMoreAsync(long position, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return watch.WaitAsync(position, cancellation);
    }

    /// <summary>Lets appends under way end and closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        for (var i = 0; i < appenders; i++) await appending.WaitAsync().ConfigureAwait(false);
        if (owned is not null) await owned.DisposeAsync().ConfigureAwait(false);
        // After the appends: what they commit is told to who waits for it.
        await watch.DisposeAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
        appending.Release(appenders);
    }

    private async ValueTask<AppendResult> AppendAsync(AppendColumns columns, CancellationToken cancellation)
    {
        await using var connection = await server.ConnectAsync(cancellation).ConfigureAwait(false);
        return await append.RunAsync(connection, columns).ConfigureAwait(false);
    }

    private ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        return server.ReadAsync("Reading the journal", read, cancellation);
    }

    /// <summary>So that readers see at once what did get committed; when it can't be found out now, the watch finds it once the server answers.</summary>
    private async Task LookForHeadAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(PostgresLimits.HeadAfterFaultSeconds));
        try
        {
            watch.Raise(await server.ReadAsync("Reading the head", queries.HeadAsync, patience.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is JournalUnavailableException or OperationCanceledException)
        {
            // The caller is told of the fault that led here.
        }
    }
}
