using ChainCrm.Client.Backup;
using ChainCrm.Domain;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Silo.Demo;
using ChainCrm.Silo.Operation;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Backup;

/// <summary>Makes backups of the running installation, one at a time. Thread-safe.</summary>
internal sealed class BackupService(IJournal journal, IPersonalVault vault, ChainOptions options, TimeProvider time, ILogger<BackupService> log)
{
    private int _underWay;

    /// <summary>Begins a backup: takes the position it reaches.</summary>
    /// <param name="recipient">Whom it is sealed for.</param>
    /// <param name="accessKey">The id of the access key that asks, for the log: who took everything away must be found afterwards.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The backup, to be disposed; or why there is none now.</returns>
    public async Task<(Begun? Backup, Rejection? Rejection)> BeginAsync(BackupKey recipient, string accessKey, CancellationToken cancellation = default)
    {
        if (Interlocked.Exchange(ref _underWay, 1) == 1) return (null, ApiRejections.BackupUnderWay);
        IWrappedKeys? keys = null;
        try
        {
            keys = vault.ReadWrapped();
            // Before the head: whatever the mark says was played is in the journal up to it.
            var demo = options.DataFolder.Length > 0 ? DemoMark.Read(options.DataFolder) : null;
            var manifest = new BackupManifest
            {
                Content = BackupManifest.CurrentContent,
                EntryFormat = EntryCodec.Format,
                Chain = options.DefaultChain,
                Position = journal.Head,
                TakenAt = time.GetUtcNow(),
                Server = ServerVersion.Text,
                MasterKeyId = (await keys.SecretsAsync(cancellation))[0].MasterKeyId,
                PhoneCountryCode = options.PhoneCountryCode,
                Demo = demo,
            };
            BackupLog.Begins(log, manifest.Position, recipient.Id, accessKey);
            return (new Begun(this, manifest, keys, recipient, accessKey), null);
        }
        catch (Exception failure)
        {
            if (keys is not null) await keys.DisposeAsync();
            Volatile.Write(ref _underWay, 0);
            if (failure is not (VaultUnavailableException or IOException or UnauthorizedAccessException)) throw;
            // No mistake of the server: the disk or the file is in the way now, and the next try may pass.
            BackupLog.NotNow(log, failure, accessKey);
            return (null, failure is VaultUnavailableException { DiskFull: true } ? EngineRejections.DiskFull : EngineRejections.Unreadable);
        }
    }

    /// <summary>A backup that has its position.</summary>
    internal sealed class Begun(BackupService service, BackupManifest manifest, IWrappedKeys keys, BackupKey recipient, string accessKey) : IAsyncDisposable
    {
        private bool _isWhole;

        /// <summary>Entries it will hold.</summary>
        public long Entries => manifest.Position;

        /// <summary>Writes it.</summary>
        /// <exception cref="JournalUnavailableException">The journal can't be read now.</exception>
        /// <exception cref="VaultUnavailableException">The keys can't be read now, or the master key was changed meanwhile.</exception>
        public async Task WriteAsync(Stream output, CancellationToken cancellation)
        {
            var bytes = await BackupWriter.WriteAsync(manifest, service.Journal, keys, recipient, output, cancellation);
            _isWhole = true;
            BackupLog.Ends(service.Logger, manifest.Position, bytes);
        }

        public async ValueTask DisposeAsync()
        {
            await keys.DisposeAsync();
            if (!_isWhole) BackupLog.Breaks(service.Logger, manifest.Position, accessKey);
            Volatile.Write(ref service._underWay, 0);
        }
    }

    private IJournal Journal => journal;
    private ILogger Logger => log;
}

/// <summary>Log lines of backups. Event ids are stable.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(1500, LogLevel.Information, "A backup of {Entries} entries begins, for the backup key {Key}, asked for with the access key {AccessKey}.")]
    public static partial void Begins(ILogger logger, long entries, string key, string accessKey);

    [LoggerMessage(1501, LogLevel.Information, "The backup of {Entries} entries was sent whole, {Bytes} bytes.")]
    public static partial void Ends(ILogger logger, long entries, long bytes);

    [LoggerMessage(1502, LogLevel.Warning, "The backup of {Entries} entries, asked for with the access key {AccessKey}, was given up before its end; what arrived of it is no backup.")]
    public static partial void Breaks(ILogger logger, long entries, string accessKey);

    [LoggerMessage(1503, LogLevel.Warning, "The backup asked for with the access key {AccessKey} could not begin.")]
    public static partial void NotNow(ILogger logger, Exception failure, string accessKey);
}
