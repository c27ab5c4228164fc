using System.Globalization;
using System.Text;
using ChainCrm.Client.Backup;
using ChainCrm.Domain;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Backup;

namespace ChainCrm.Silo.Tests.Backup;

/// <summary>A journal, a vault and a backup key in a folder of their own, and what a restore of them says.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("backup");
    private readonly PersonalVault _vault;

    public BackupWorld()
    {
        _vault = PersonalVault.Open(MasterKeyFile, At("keys.db"));
        Key.Save(KeyFile, withPrivate: true);
    }

    public BackupKey Key { get; } = BackupKey.Generate();
    public string KeyFile => At("backup.key");
    public string MasterKeyFile => At("master.key");
    public string File => At("chain.backup");
    public string Target => At("restored");
    public PersonalVault Vault => _vault;
    public MemoryJournal Journal { get; } = new();

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Enrols people: a key and an entry each.</summary>
    public async Task EnrolAsync(int count, int from = 0)
    {
        for (var i = from; i < from + count; i++)
        {
            var id = i.ToString("0000", CultureInfo.InvariantCulture);
            var profile = await _vault.SealAsync("main", new CustomerId(id), new PersonalData { Name = $"Person {id}" });
            await AppendAsync($"main/customer/{id}", 0, "enrol", Encoding.UTF8.GetBytes(Convert.ToBase64String(profile.Bytes)));
        }
    }

    public async Task AppendAsync(string stream, long version, string command, byte[] data) =>
        await Journal.AppendAsync([new EntryToAppend(stream, version, command, CommandIsNew: true, 1_750_000_000_000 + version, data)]);

    /// <summary>What a manifest of this world says.</summary>
    public async Task<BackupManifest> ManifestAsync(IWrappedKeys keys) => new()
    {
        Content = BackupManifest.CurrentContent, EntryFormat = EntryCodec.Format, Chain = "main", Position = Journal.Head, TakenAt = DateTimeOffset.UnixEpoch,
        Server = "0.1.0", MasterKeyId = (await keys.SecretsAsync())[0].MasterKeyId, PhoneCountryCode = "86",
    };

    /// <summary>Makes the backup; its bytes.</summary>
    public async Task<byte[]> BackUpAsync(Func<BackupManifest, BackupManifest>? change = null, IJournal? journal = null)
    {
        await using var keys = _vault.ReadWrapped();
        using var output = new MemoryStream();
        var manifest = await ManifestAsync(keys);
        await BackupWriter.WriteAsync(change is null ? manifest : change(manifest), journal ?? Journal, keys, Key, output, CancellationToken.None);
        var bytes = output.ToArray();
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        return bytes;
    }

    /// <summary>Restores as from a shell.</summary>
    public async Task<(int Code, string Said)> RestoreAsync(params string[] more)
    {
        var said = new StringWriter();
        var code = await RestoreProgram.RunAsync([File, "--backup-key", KeyFile, "--data", Target, .. more], [], said, said);
        return (code, said.ToString());
    }

    /// <summary>Reads a backup to its end, keeping nothing.</summary>
    public async Task<(long Entries, long Keys)> ReadAsync(byte[] backup)
    {
        await System.IO.File.WriteAllBytesAsync(File, backup);
        await using var reader = await BackupReader.OpenAsync(File, Key, CancellationToken.None);
        var entries = 0L;
        await foreach (var _ in reader.EntriesAsync(CancellationToken.None)) entries++;
        return (entries, await reader.RestAsync(static _ => ValueTask.CompletedTask, static _ => ValueTask.CompletedTask, CancellationToken.None));
    }

    /// <summary>The entries of the restored folder.</summary>
    public async Task<IReadOnlyList<JournalEntry>> RestoredAsync()
    {
        await using var journal = await SqliteJournal.OpenAsync(new SqliteJournalOptions { Folder = Target });
        (await journal.ValidateAsync()).ShouldBeSound();
        return await journal.ReadAfterAsync(0, JournalLimits.ReadMax);
    }

    public async ValueTask DisposeAsync()
    {
        await _vault.DisposeAsync();
        await Journal.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

internal static class Sound
{
    public static void ShouldBeSound(this IReadOnlyList<string> faults)
    {
        if (faults.Count > 0) throw new InvalidOperationException(string.Join('\n', faults));
    }
}
