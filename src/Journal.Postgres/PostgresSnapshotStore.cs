using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// Snapshots in the schema of the journal. They need no mark that ties them to it: both are in one database, every snapshot is written after the entries
/// it sums up, and a backup or a crash that takes entries away takes the later snapshots with them. Commits do not wait for the disk. Thread-safe.
/// </summary>
public sealed class PostgresSnapshotStore : ISnapshotStore
{
    private readonly PostgresServer server;
    private readonly string load, save;
    private readonly SemaphoreSlim writing = new(1, 1);
    private volatile Exception? fault;
    private volatile bool disposed;

    private PostgresSnapshotStore(PostgresServer server, string schema)
    {
        this.server = server;
        load = $"SELECT version, data FROM {schema}.snapshots WHERE stream = $1";
        save = $"""
            INSERT INTO {schema}.snapshots AS old (stream, version, data) SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (stream) DO UPDATE SET version = excluded.version, data = excluded.data WHERE excluded.version >= old.version
            """;
    }

    /// <summary>Why the last read or write failed, or null.</summary>
    public Exception? Fault => fault;

    /// <summary>Opens the snapshots of a schema, whose tables are made when they are missing.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached now.</exception>
    /// <exception cref="JournalUnusableException">The schema can't be used; see <see cref="PostgresJournal.OpenAsync"/>.</exception>
    public static async Task<PostgresSnapshotStore> OpenAsync(PostgresJournalOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        await new PostgresSchema(options).PrepareAsync(cancellation).ConfigureAwait(false);
        return new(new PostgresServer(options, durable: false), options.Schema);
    }

    /// <summary>The stream's snapshot, or null; also null when the server does not answer (see <see cref="Fault"/>): the journal holds all.</summary>
    public async ValueTask<Snapshot?> LoadAsync(string stream, CancellationToken cancellation = default)
    {
        JournalInput.CheckStream(stream);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        try
        {
            var found = await server.ReadAsync("Loading a snapshot", (connection, token) => LoadAsync(connection, stream, token), cancellation).ConfigureAwait(false);
            fault = null;
            return found;
        }
        catch (JournalUnavailableException e)
        {
            fault = e;
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask SaveAsync(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots, CancellationToken cancellation = default)
    {
        JournalInput.CheckSnapshots(snapshots);
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(disposed, this);
        if (snapshots.Count == 0) return;
        await writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            foreach (var chunk in Chunks(snapshots)) await SaveAsync(chunk, cancellation).ConfigureAwait(false);
            fault = null;
        }
        catch (Exception e) when (PostgresFault.Is(e))
        {
            cancellation.ThrowIfCancellationRequested();
            if (PostgresFault.IsOfConnection(e)) server.Renew();
            var unavailable = PostgresFault.ToUnavailable(e, "Saving snapshots", server.Place);
            fault = unavailable;
            throw unavailable;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await writing.WaitAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
        writing.Release();
    }

    /// <summary>The newest of each stream, in the order of the streams, so that two processes that save the same ones wait for one another instead of
    /// each for the other; and in transactions of bounded size.</summary>
    private static IEnumerable<List<(string Stream, Snapshot Snapshot)>> Chunks(IReadOnlyList<(string Stream, Snapshot Snapshot)> snapshots)
    {
        SortedDictionary<string, Snapshot> newest = new(StringComparer.Ordinal);
        foreach (var (stream, snapshot) in snapshots)
        {
            if (!newest.TryGetValue(stream, out var other) || snapshot.Version >= other.Version) newest[stream] = snapshot;
        }

        List<(string, Snapshot)> chunk = [];
        long bytes = 0;
        foreach (var (stream, snapshot) in newest)
        {
            if (chunk.Count == JournalLimits.SnapshotBatchMax || chunk.Count > 0 && bytes + snapshot.Data.Length > PostgresLimits.SnapshotBytesMax)
            {
                yield return chunk;
                (chunk, bytes) = ([], 0);
            }

            chunk.Add((stream, snapshot));
            bytes += snapshot.Data.Length;
        }

        yield return chunk;
    }

    private async ValueTask<Snapshot?> LoadAsync(NpgsqlConnection connection, string stream, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(load, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = stream } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    private async Task SaveAsync(List<(string Stream, Snapshot Snapshot)> chunk, CancellationToken cancellation)
    {
        await using var connection = await server.ConnectAsync(cancellation).ConfigureAwait(false);
        await using var command = new NpgsqlCommand(save, connection)
        {
            Parameters =
            {
                new() { Value = chunk.ConvertAll(s => s.Stream), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = chunk.ConvertAll(s => s.Snapshot.Version), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                new() { Value = chunk.ConvertAll(s => s.Snapshot.Data), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
