using System.Globalization;
using Npgsql;

namespace ChainCrm.Journal.Postgres;

/// <summary>The connections to one server, bounded in number and in time. Thread-safe.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim reading;
    private readonly NpgsqlConnectionStringBuilder settings;
    private int renewals;

    /// <param name="options">Checked already.</param>
    /// <param name="durable">Whether a commit waits for the disk.</param>
    /// <param name="connectionString">Another one than that of the options, for migrations.</param>
    public PostgresServer(PostgresJournalOptions options, bool durable, string? connectionString = null)
    {
        settings = Settings(options, durable, connectionString ?? options.ConnectionString);
        Place = $"{settings.Host}:{settings.Port.ToString(CultureInfo.InvariantCulture)}/{settings.Database}, schema {options.Schema}";
        source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        reading = new(options.Readers);
    }

    /// <summary>Where it is, for messages; without user and password.</summary>
    public string Place { get; }

    /// <summary>An open connection of the pool.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellation) => source.OpenConnectionAsync(cancellation);

    /// <summary>Counts how often connections turned out to be dead: those made before are not to be trusted.</summary>
    public int Renewals => Volatile.Read(ref renewals);

    /// <summary>A connection of its own, that no pool hands to anybody else, still to be opened.</summary>
    /// <param name="sendBytes">What it sends at once, when that is more than usual: a statement of that size goes out in one piece.</param>
    public NpgsqlConnection Separate(int? sendBytes = null)
    {
        var own = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false };
        if (sendBytes is { } bytes) own.WriteBufferSize = bytes;
        return new(own.ConnectionString);
    }

    /// <summary>An open connection of its own, that no pool hands to anybody else.</summary>
    public async Task<NpgsqlConnection> ConnectAloneAsync(CancellationToken cancellation)
    {
        var connection = Separate();
        try
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Lets go of the connections that nobody uses: after one of them broke, the others did too.</summary>
    public void Renew()
    {
        Interlocked.Increment(ref renewals);
        source.Clear();
    }

    /// <summary>Asks a question, a second time on a new connection when the first one turned out to be dead.</summary>
    /// <exception cref="JournalUnavailableException">There is no answer now.</exception>
    public async ValueTask<T> ReadAsync<T>(string doing, Func<NpgsqlConnection, CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation).ConfigureAwait(false);
        using var driver = new DriverCancellation(cancellation);
        try
        {
            for (var first = true; ; first = false)
            {
                try
                {
                    await using var connection = await ConnectAsync(driver.Token).ConfigureAwait(false);
                    return await read(connection, driver.Token).ConfigureAwait(false);
                }
                catch (Exception e) when (PostgresFault.Is(e))
                {
                    cancellation.ThrowIfCancellationRequested();
                    var dead = PostgresFault.IsOfConnection(e);
                    if (dead) Renew();
                    if (!dead || !first) throw PostgresFault.ToUnavailable(e, doing, Place);
                }
            }
        }
        finally
        {
            reading.Release();
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Settings(PostgresJournalOptions options, bool durable, string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var milliseconds = (long)options.Statement.TotalMilliseconds;
        var locks = Math.Min(PostgresLimits.LockMs, milliseconds);
        // Set when a connection begins, so they hold whatever the role or the database is set to. Every statement here is meant to go through an index;
        // a plan made while a table was empty must not read all of it once it is large, nor all of a long stream to sort it. None is worth compiling.
        var begin = string.Create(CultureInfo.InvariantCulture,
            $"-c synchronous_commit={(durable ? "on" : "off")} -c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off"
            + $" -c search_path=pg_catalog -c enable_seqscan=off -c enable_bitmapscan=off -c jit=off -c statement_timeout={milliseconds} -c lock_timeout={locks}"
            + $" -c idle_in_transaction_session_timeout={milliseconds} -c client_encoding=UTF8"
            // What the other end does about a process of ours that vanished with its machine: its locks must not stay for hours.
            + $" -c tcp_keepalives_idle={PostgresLimits.KeepAliveSeconds} -c tcp_keepalives_interval={PostgresLimits.KeepAliveSeconds} -c tcp_keepalives_count=2"
            // Keepalives are silent while something sent is not acknowledged, and a server that had just answered would wait for a quarter of an hour.
            + $" -c tcp_user_timeout={PostgresLimits.UnacknowledgedMs}");
        // Says to the append function that this is who the seal lets through.
        if (options.Filling) begin += $" -c chaincrm.seal={PostgresSeal.Word(SealReason.Filling)}";
        var network = !Path.IsPathRooted(given.Host);
        return new(connectionString)
        {
            Options = string.IsNullOrEmpty(given.Options) ? begin : $"{given.Options} {begin}",
            ApplicationName = given.ApplicationName ?? "chaincrm",
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = options.Readers + PostgresLimits.AppendersMax + 1,
            Timeout = PostgresLimits.ConnectSeconds,
            CommandTimeout = PostgresLimits.AnswerSeconds,
            // Nothing here leaves anything behind on a connection, so there is nothing to reset.
            NoResetOnClose = true,
            MaxAutoPrepare = PostgresLimits.PreparedMax,
            AutoPrepareMinUsages = 2,
            // The socket of the same machine has none.
            TcpKeepAlive = network,
            TcpKeepAliveTime = network ? PostgresLimits.KeepAliveSeconds : 0,
            TcpKeepAliveInterval = network ? PostgresLimits.KeepAliveSeconds : 0,
            IncludeErrorDetail = false,
            PersistSecurityInfo = false,
            Enlist = false,
        };
    }
}
