using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;

namespace ChainCrm.Grains.Postgres;

/// <summary>Fills an empty schema with the journal and the keys of a backup, in one transaction: both are there, or neither.</summary>
public static class PostgresRestore
{
    /// <summary>Writes all entries, then all keys, and commits them.</summary>
    /// <param name="options">Where the schema is.</param>
    /// <param name="entries">The whole journal: positions 1, 2, 3 ...</param>
    /// <param name="keys">Adds the keys; called when the entries have come to their end.</param>
    /// <param name="cancellation">Gives up; nothing was written then.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="JournalUnusableException">The schema is not empty, another process has it, or the entries are no journal. Nothing was written.</exception>
    /// <exception cref="JournalUnavailableException">The server can't be reached. When it was lost during the commit, everything may be there or nothing.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be written. Nothing was written.</exception>
    public static Task<long> RunAsync(PostgresJournalOptions options, IAsyncEnumerable<JournalEntry> entries, Func<IWrappedKeyWriter, Task> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return PostgresImport.RunAsync(options, entries, async (connection, schema) =>
        {
            await using var writer = PostgresWrappedKeyWriter.Within(connection, schema);
            await keys(writer);
            await writer.CommitAsync(cancellation);
        }, cancellation);
    }
}
