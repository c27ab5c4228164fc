using System.Globalization;
using System.Runtime.CompilerServices;
using ChainCrm.Client.Backup;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Backup;

/// <summary>
/// Brings one backup back. The whole backup is read before anything is written: a wrong key, a truncated or altered file and a target that is
/// not empty leave no trace. What is written stands under <see cref="RestoreMark"/> until all of it is there.
/// </summary>
internal sealed class Restore(string file, BackupKey key, ServerSettings settings, long? until, string? masterKeyFile)
{
    private readonly string _folder = Path.GetFullPath(settings.Data.Folder);

    /// <summary>What the backup is of; known after <see cref="OpenAsync"/>.</summary>
    public BackupManifest Manifest { get; private set; } = null!;

    /// <summary>The last position that is brought back.</summary>
    public long Upto => until ?? Manifest.Position;

    /// <summary>Reads the header and the manifest.</summary>
    /// <exception cref="BackupUnusableException">No backup, wrong key, damaged, or of a newer format.</exception>
    /// <exception cref="WrongConfigurationException">The options do not fit the backup.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await using var reader = await BackupReader.OpenAsync(file, key, cancellation);
        Manifest = reader.Manifest;
        if (until > Manifest.Position)
            throw new WrongConfigurationException(string.Create(CultureInfo.InvariantCulture, $"--until is {until}, and the backup ends at position {Manifest.Position}."));
    }

    /// <summary>Reads the backup to its end, and keeps nothing.</summary>
    /// <param name="advance">Told how many entries were read since it was told before.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Customers' keys in it.</returns>
    /// <exception cref="BackupUnusableException">Truncated, damaged or altered.</exception>
    public async Task<long> CheckAsync(Action<long> advance, CancellationToken cancellation)
    {
        await using var reader = await BackupReader.OpenAsync(file, key, cancellation);
        await foreach (var _ in Counted(reader.EntriesAsync(cancellation), advance)) cancellation.ThrowIfCancellationRequested();
        return await reader.RestAsync(static _ => ValueTask.CompletedTask, static _ => ValueTask.CompletedTask, cancellation);
    }

    /// <summary>Refuses a folder that does not fit the backup or holds anything. A schema is looked at before it is written, because looking makes its tables.</summary>
    /// <exception cref="WrongConfigurationException">The settings are of another chain, or the folder is not empty.</exception>
    /// <exception cref="VaultUnusableException">The master key is another one than the backup's.</exception>
    /// <exception cref="JournalUnusableException">The folder holds a restore that did not come to its end.</exception>
    public void CheckTarget()
    {
        if (settings.Chain.Id != Manifest.Chain)
            throw new WrongConfigurationException($"The backup is of the chain {Manifest.Chain}, and the setting chain.id is {settings.Chain.Id}. Restore, and start the server, with chain.id={Manifest.Chain}.");
        RefuseContent();
        if (masterKeyFile is not null && MasterKey.Load(masterKeyFile).Id is var id && id != Manifest.MasterKeyId)
            throw new VaultUnusableException($"The keys in the backup are wrapped by the master key {Manifest.MasterKeyId}, but {masterKeyFile} is the master key {id}.");
    }

    /// <summary>Writes everything; when it fails or is given up, what was written goes away again. The folder is held from its first file to its end: checking the backup took its
    /// time, and somebody else may have begun a chain there meanwhile.</summary>
    /// <param name="advance">Told how many entries were written since it was told before.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BackupUnusableException">The file changed since it was checked.</exception>
    /// <exception cref="WrongConfigurationException">Somebody put something into the folder; it was not touched.</exception>
    /// <exception cref="JournalUnusableException">The schema is not empty or can't be used.</exception>
    /// <exception cref="JournalUnavailableException">The target can't be written now, or its server can't be reached.</exception>
    /// <exception cref="VaultUnavailableException">The keys can't be written now.</exception>
    /// <exception cref="VaultUnusableException">The keys do not open with the master key that was given.</exception>
    public async Task WriteAsync(Action<long> advance, CancellationToken cancellation)
    {
        await JournalStore.CheckEmptyAsync(settings, cancellation);
        var isNew = !Directory.Exists(_folder);
        using var held = FolderLock.Take(_folder);
        RefuseContent();
        RestoreMark.Set(_folder);
        try
        {
            WriteDemoMark();
            await using var reader = await BackupReader.OpenAsync(file, key, cancellation);
            var count = await JournalStore.FillAsync(settings, _folder, held, EntriesAsync(reader, advance, cancellation), keys => WriteKeysAsync(reader, keys, cancellation), cancellation);
            if (count != Upto) throw new JournalUnusableException(string.Create(CultureInfo.InvariantCulture, $"{count} entries were written where {Upto} should have been."));
        }
        catch
        {
            TakeBack(isNew);
            throw;
        }

        RestoreMark.Clear(_folder);
    }

    /// <summary>The entries to bring back.</summary>
    private async IAsyncEnumerable<JournalEntry> EntriesAsync(BackupReader reader, Action<long> advance, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var entry in Counted(reader.EntriesAsync(cancellation), advance))
            if (entry.Position <= Upto) yield return entry;
    }

    /// <summary>The keys that stand behind the entries, and the master key, when it was given: once it is known to open them.</summary>
    private async Task WriteKeysAsync(BackupReader reader, IWrappedKeyWriter keys, CancellationToken cancellation)
    {
        var master = masterKeyFile is null ? null : MasterKey.Load(masterKeyFile);
        await reader.RestAsync(
            secret => master is null || master.Opens(secret)
                ? keys.AddAsync(secret, cancellation)
                : throw new VaultUnusableException($"The secrets of the backup do not open with the master key {masterKeyFile}: one of the two is damaged."),
            key => keys.AddAsync(key, cancellation), cancellation);
        master?.Save(Path.Combine(_folder, "master.key"));
    }

    /// <summary>A generated chain stays marked as one. Brought back to an earlier moment it plays its plan again from its first day; what is there already is known again.</summary>
    private void WriteDemoMark()
    {
        if (Manifest.Demo is not { } mark) return;
        (Upto == Manifest.Position ? mark : mark with { PlayedUntilMs = mark.FirstDayMs }).Write(_folder);
    }

    private void RefuseContent()
    {
        RestoreMark.Refuse(_folder);
        if (Directory.Exists(_folder) && Directory.EnumerateFileSystemEntries(_folder).Any(path => Path.GetFileName(path) != FolderLock.FileName))
            throw new WrongConfigurationException($"The folder {_folder} is not empty. A restore needs one of its own (--data).");
    }

    /// <summary>The folder was empty when it was taken, and it is held: all that is in it is of this restore.</summary>
    private void TakeBack(bool isNew)
    {
        foreach (var made in Directory.EnumerateFiles(_folder))
            if (Path.GetFileName(made) is not (RestoreMark.FileName or FolderLock.FileName)) File.Delete(made);
        RestoreMark.Clear(_folder);
        // From here on another process can have the folder; what it makes is not touched.
        File.Delete(Path.Combine(_folder, FolderLock.FileName));
        try
        {
            if (isNew) Directory.Delete(_folder);
        }
        catch (IOException)
        {
            // Somebody has put something there meanwhile.
        }
    }

    private static async IAsyncEnumerable<JournalEntry> Counted(IAsyncEnumerable<JournalEntry> entries, Action<long> advance)
    {
        var since = 0;
        await foreach (var entry in entries)
        {
            yield return entry;
            if (++since < BackupLimits.EntriesPerRead) continue;
            advance(since);
            since = 0;
        }

        advance(since);
    }
}
