using Npgsql;
using NpgsqlTypes;

namespace ChainCrm.Journal.Postgres;

/// <summary>
/// The appends of the process that has the schema for itself: on a connection of their own, on the caller's thread, and without a look at what this process knows because it
/// wrote it. When somebody has appended after all, or something does not fit, the server looks everything up as it does for several processes. Not thread-safe.
/// </summary>
internal sealed class OwnedAppend(PostgresServer server, string schema, AppendStatement checkedAppend) : IAsyncDisposable
{
    private readonly OwnedBatch owned = new();
    private readonly NpgsqlParameter<List<string>> streams = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<List<long>> versions = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<List<bool>> looks = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean };
    private readonly NpgsqlParameter<List<string>> commands = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<List<long>> times = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
    private readonly NpgsqlParameter<List<ReadOnlyMemory<byte>>> payloads = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
    private readonly NpgsqlParameter<long> known = new();
    private NpgsqlConnection? connection;
    private NpgsqlCommand? command;
    private int renewals;
    private long head;

    /// <summary>Commits the batch or names the streams in its way. Once begun it is not cancelled.</summary>
    public AppendResult Append(IReadOnlyList<EntryToAppend> batch)
    {
        try
        {
            var opened = Connect();
            return TryOwned(batch) ?? Checked(opened, batch);
        }
        catch
        {
            // It may be in the journal or not, and what is known with it.
            owned.Forget();
            Close();
            throw;
        }
        finally
        {
            owned.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>The usual way; null when everything has to be looked up.</summary>
    private AppendResult? TryOwned(IReadOnlyList<EntryToAppend> batch)
    {
        for (var attempt = 0; attempt <= PostgresLimits.OwnedAttemptsMax && owned.TryFill(batch); attempt++)
        {
            long first;
            try
            {
                first = Run();
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                return null;
            }

            if (first > 0)
            {
                head = first + batch.Count - 1;
                owned.Committed();
                return new(first, []);
            }

            // Somebody else has appended, or this is the first append on a journal that is not empty.
            head = -first;
            owned.Forget();
        }

        return null;
    }

    private AppendResult Checked(NpgsqlConnection opened, IReadOnlyList<EntryToAppend> batch)
    {
        // Rare, and everybody who appends here waits for it.
        var result = checkedAppend.RunAsync(opened, new AppendColumns(batch)).GetAwaiter().GetResult();
        // Which versions it left is found out by looking.
        owned.Forget();
        if (result.Committed) head = result.FirstPosition + batch.Count - 1;
        return result;
    }

    private long Run()
    {
        (streams.TypedValue, versions.TypedValue, looks.TypedValue, commands.TypedValue) = (owned.Streams, owned.Versions, owned.Looks, owned.Commands);
        (times.TypedValue, payloads.TypedValue, known.TypedValue) = (owned.Times, owned.Payloads, head);
        using var reader = command!.ExecuteReader();
        if (!reader.Read()) throw new NpgsqlException("The append function gave no answer.");
        var first = reader.GetInt64(0);
        // The implicit transaction is committed when the server has ended the statement, not when it has sent the row.
        while (reader.NextResult())
        {
            // There is no further result, but asking for it waits for the end.
        }

        return first;
    }

    /// <summary>The open connection. What broke another one of this server since it was made is taken to have broken it too.</summary>
    private NpgsqlConnection Connect()
    {
        if (connection is not null && renewals != server.Renewals) Close();
        if (connection is not null) return connection;
        // What answers now may be another server, to which the newest entries of the one before never came.
        owned.Forget();
        renewals = server.Renewals;
        connection = server.Separate(PostgresLimits.AppendBufferBytes);
        connection.Open();
        command = new NpgsqlCommand($"SELECT {schema}.append_owned($1, $2, $3, $4, $5, $6, $7)", connection) { Parameters = { streams, versions, looks, commands, times, payloads, known } };
        (streams.TypedValue, versions.TypedValue, looks.TypedValue, commands.TypedValue) = (owned.Streams, owned.Versions, owned.Looks, owned.Commands);
        (times.TypedValue, payloads.TypedValue) = (owned.Times, owned.Payloads);
        command.Prepare();
        return connection;
    }

    private void Close()
    {
        try
        {
            // The parameters belong to this, and to the next command after it.
            command?.Parameters.Clear();
            command?.Dispose();
            connection?.Dispose();
        }
        catch (Exception e) when (PostgresFault.Is(e) || e is InvalidOperationException)
        {
            // It was broken before; another one is made.
        }

        (command, connection) = (null, null);
    }
}
