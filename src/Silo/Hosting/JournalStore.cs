using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Postgres;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Backup;

namespace ChainCrm.Silo.Hosting;

/// <summary>The one place that knows what journal, snapshots, keys, read models and agenda are kept in: files of the data folder, or a schema of PostgreSQL. Either way this
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

    /// <summary>Fills an empty store with a whole journal and, when its entries have come to their end, the keys. In PostgreSQL nothing of it is to be seen before its end; in a folder the mark of an unfinished restore says so.</summary>
    /// <exception cref="JournalUnusableException">The store is not empty or can't be used, or the entries are no journal.</exception>
    /// <exception cref="JournalUnavailableException">The store can't be written now.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be written now.</exception>
    public static async Task<long> FillAsync(
        ServerSettings settings, string folder, FolderLock held, IAsyncEnumerable<JournalEntry> entries, Func<IWrappedKeyWriter, Task> keys, CancellationToken cancellation)
    {
        if (IsPostgres(settings)) return await PostgresRestore.RunAsync(Options(settings.Journal), entries, keys, cancellation);
        long count;
        await using (var journal = await SqliteJournal.OpenAsync(Options(settings.Data, folder) with { HeldLock = held }, cancellation))
            count = await JournalFill.RunAsync(journal, entries, cancellation);
        await using var writer = new SqliteWrappedKeyWriter(Path.Combine(folder, KeyFiles.Name));
        await keys(writer);
        await writer.CommitAsync(cancellation);
        return count;
    }

    /// <summary>Opens the customers' keys. In PostgreSQL those of the data folder, where they were kept before, go into the schema first.</summary>
    /// <param name="settings">All settings.</param>
    /// <param name="folder">The data folder, which is held.</param>
    /// <param name="journal">The journal whose names they open, which is open.</param>
    /// <param name="logger">Is told when keys go into the schema.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="VaultUnusableException">The keys can't be used, or do not belong to the journal.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be read or written now.</exception>
    public static async Task<PersonalVault> OpenVaultAsync(ServerSettings settings, string folder, IJournal journal, ILogger logger, CancellationToken cancellation)
    {
        var files = new KeyFiles(folder);
        if (!IsPostgres(settings))
        {
            // With both files gone the vault would take the folder for a new one and make new keys, and every name in the journal were lost for ever.
            if (journal.Head > 0 && !files.HoldsKeys)
                throw new VaultUnusableException($"The journal of {folder} holds entries, but {files.KeysFile} is missing. Restore keys.db and master.key from their copies.");
            return PersonalVault.Open(files.MasterKeyFile, files.KeysFile);
        }

        var options = Options(settings.Journal);
        if (files.HoldsKeys) await new KeyAdoption(files, options).RunAsync(logger, cancellation);
        var table = await PostgresKeyTable.OpenAsync(options, cancellation);
        if (journal.Head > 0 && !await HoldsKeysAsync(table, cancellation))
        {
            await table.DisposeAsync();
            throw new VaultUnusableException($"The journal at {table.Place} holds entries, but no customers' keys are there, nor is {files.KeysFile}. Bring back a backup of both, or the keys.db that belongs to it.");
        }

        return await PersonalVault.OpenAsync(files.MasterKeyFile, table, cancellation);
    }

    private static async Task<bool> HoldsKeysAsync(PostgresKeyTable table, CancellationToken cancellation)
    {
        try
        {
            return await table.HoldsKeysAsync(cancellation);
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    /// <summary>The journal's files in a folder.</summary>
    public static SqliteJournalOptions Options(DataSettings settings, string folder) => new() { Folder = folder, MaxPageCount = (long)settings.JournalMegabytesMax * PagesPerMegabyte };

    /// <summary>The schema that the settings name, for this server alone.</summary>
    public static PostgresJournalOptions Options(JournalSettings settings) =>
        new() { ConnectionString = settings.Connection, MigrationConnectionString = settings.OwnerConnection, Schema = settings.Schema, Alone = true };
}
