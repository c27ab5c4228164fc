using ChainCrm.Grains.Postgres;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Backup;

namespace ChainCrm.Silo.Hosting;

/// <summary>The one place that knows what journal, snapshots, read models and agenda are kept in: files of the data folder, or a schema of PostgreSQL. Either way this
/// server has them, and the data folder, for itself.</summary>
internal static class JournalStore
{
    private const int PagesPerMegabyte = 128;

    public static bool IsPostgres(ServerSettings settings) => settings.Journal.Store == "postgres";

    /// <summary>What is wrong with the settings of the PostgreSQL store, or null. Nothing of a connection string is in the answer.</summary>
    public static string? Fault(JournalSettings settings)
    {
        try
        {
            Options(settings).Check();
            return null;
        }
        catch (ArgumentException failure)
        {
            var setting = failure.ParamName switch
            {
                nameof(PostgresJournalOptions.MigrationConnectionString) => "journal.ownerConnection",
                nameof(PostgresJournalOptions.Schema) => "journal.schema",
                _ => "journal.connection",
            };
            return $"{setting}: {failure.Message.Split(" (Parameter")[0]}";
        }
    }

    /// <exception cref="JournalUnusableException">The data can't be used; nothing was touched.</exception>
    /// <exception cref="JournalUnavailableException">The PostgreSQL server can't be reached now.</exception>
    public static async Task<IJournal> OpenJournalAsync(ServerSettings settings, string folder, FolderLock held, CancellationToken cancellation) => IsPostgres(settings)
        ? await PostgresJournal.OpenAsync(Options(settings.Journal), cancellation)
        : await SqliteJournal.OpenAsync(Options(settings.Data, folder) with { HeldLock = held }, cancellation);

    /// <param name="settings">All settings.</param>
    /// <param name="folder">The data folder.</param>
    /// <param name="journal">The journal whose streams they are.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ISnapshotStore> OpenSnapshotsAsync(ServerSettings settings, string folder, IJournal journal, CancellationToken cancellation) => IsPostgres(settings)
        ? await PostgresSnapshotStore.OpenAsync(Options(settings.Journal), cancellation)
        : await SqliteSnapshotStore.OpenAsync(folder, journal);

    /// <summary>What read models and agenda are kept in.</summary>
    public static async Task<ReadSideStore> OpenReadSideAsync(ServerSettings settings, string folder, CancellationToken cancellation) => IsPostgres(settings)
        ? await PostgresReadSide.OpenAsync(Options(settings.Journal), cancellation)
        : new SqliteReadSide(folder);

    /// <summary>Refuses a schema that holds anything, before a restore. A folder is looked at by whoever restores into it.</summary>
    /// <exception cref="JournalUnusableException">The schema is not empty, or can't be used.</exception>
    /// <exception cref="JournalUnavailableException">The PostgreSQL server can't be reached now.</exception>
    public static Task CheckEmptyAsync(ServerSettings settings, CancellationToken cancellation) =>
        IsPostgres(settings) ? PostgresImport.CheckEmptyAsync(Options(settings.Journal), cancellation) : Task.CompletedTask;

    /// <summary>Fills an empty store with a whole journal. In PostgreSQL nothing of it is to be seen before its end; in a folder the mark of an unfinished restore says so.</summary>
    /// <exception cref="JournalUnusableException">The store is not empty or can't be used, or the entries are no journal.</exception>
    /// <exception cref="JournalUnavailableException">The store can't be written now.</exception>
    public static async Task<long> FillAsync(ServerSettings settings, string folder, FolderLock held, IAsyncEnumerable<JournalEntry> entries, CancellationToken cancellation)
    {
        if (IsPostgres(settings)) return await PostgresImport.RunAsync(Options(settings.Journal), entries, cancellation);
        await using var journal = await SqliteJournal.OpenAsync(Options(settings.Data, folder) with { HeldLock = held }, cancellation);
        return await JournalFill.RunAsync(journal, entries, cancellation);
    }

    /// <summary>The journal's files in a folder.</summary>
    public static SqliteJournalOptions Options(DataSettings settings, string folder) => new() { Folder = folder, MaxPageCount = (long)settings.JournalMegabytesMax * PagesPerMegabyte };

    /// <summary>The schema that the settings name, for this server alone.</summary>
    public static PostgresJournalOptions Options(JournalSettings settings) =>
        new() { ConnectionString = settings.Connection, MigrationConnectionString = settings.OwnerConnection, Schema = settings.Schema, Alone = true };
}
