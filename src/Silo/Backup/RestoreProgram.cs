using System.Globalization;
using System.Runtime.InteropServices;
using ChainCrm.Client.Backup;
using ChainCrm.Client.Commands;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Backup;

/// <summary>The server's executable as the one that restores, since it knows journal and vault; <c>chaincrm restore</c> calls it. Exit codes are those of <see cref="ServerProgram"/>.</summary>
internal static class RestoreProgram
{
    /// <summary>The first argument.</summary>
    public const string Name = "restore";

    /// <summary>Stopped by a signal; nothing of the restore is left.</summary>
    public const int Stopped = 130;

    public static async Task<int> RunAsync(string[] arguments, IEnumerable<KeyValuePair<string, string?>> environment, TextWriter output, TextWriter error)
    {
        if (RestoreLine.AsksForHelp(arguments))
        {
            await output.WriteLineAsync(RestoreLine.HelpText);
            return ServerProgram.Fine;
        }

        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            var line = RestoreLine.Parse(arguments);
            if (line.EndsWithInput) _ = GiveUpAtEndOfInputAsync(stop);
            await RunAsync(line, SettingsReader.Read(line.Server, environment), new Screen(output), stop.Token);
            return ServerProgram.Fine;
        }
        catch (WrongConfigurationException wrong)
        {
            return await SayAsync(wrong.Message, ServerProgram.WrongConfiguration);
        }
        catch (Exception wrong) when (wrong is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return await SayAsync(wrong.Message, ServerProgram.WrongConfiguration);
        }
        catch (Exception unusable) when (unusable is BackupUnusableException or JournalUnusableException or JournalUnavailableException or VaultUnusableException or VaultUnavailableException or IOException)
        {
            return await SayAsync(unusable.Message, ServerProgram.DataUnusable);
        }
        catch (OperationCanceledException)
        {
            return await SayAsync("Stopped.", Stopped);
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        async Task<int> SayAsync(string why, int code)
        {
            await error.WriteLineAsync($"Nothing was restored. {why}");
            return code;
        }
    }

    private static async Task GiveUpAtEndOfInputAsync(CancellationTokenSource stop)
    {
        // The console's reader blocks, so it has a thread of its own; the process does not wait for it.
        await Task.Factory.StartNew(
            () =>
            {
                while (Console.In.Read() >= 0)
                {
                    // Nothing is said there; only its end counts.
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The restore has come to its end meanwhile.
            return;
        }
    }

    private static async Task RunAsync(RestoreLine line, ServerSettings settings, Screen screen, CancellationToken cancellation)
    {
        var restore = new Restore(line.File, BackupKey.Load(line.KeyFile), settings, line.Until, line.MasterKeyFile);
        await restore.OpenAsync(cancellation);
        var manifest = restore.Manifest;
        if (!line.CheckOnly) restore.CheckTarget();

        var keys = 0L;
        await ProgressLine.RunAsync(screen, "checked", manifest.Position, async advance => keys = await restore.CheckAsync(advance, cancellation), cancellation);
        if (!line.CheckOnly) await ProgressLine.RunAsync(screen, "restored", manifest.Position, advance => restore.WriteAsync(advance, cancellation), cancellation);

        screen.Table(line.CheckOnly ? "The backup is whole" : "Restored", ["", "value"],
        [
            ["chain", manifest.Chain],
            ["taken at", manifest.TakenAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)],
            ["by the server", manifest.Server],
            ["entries in the backup", manifest.Position.ToString("N0", CultureInfo.InvariantCulture)],
            .. line.CheckOnly ? Array.Empty<string[]>() : [["entries restored", restore.Upto.ToString("N0", CultureInfo.InvariantCulture)]],
            ["customers' keys", keys.ToString("N0", CultureInfo.InvariantCulture)],
            ["master key", manifest.MasterKeyId],
            ["generated chain", manifest.Demo is null ? "no" : manifest.Demo.Template],
        ]);
        if (line.CheckOnly) return;
        if (line.MasterKeyFile is null) screen.Line($"Put the master key {manifest.MasterKeyId} into {Path.Combine(Path.GetFullPath(settings.Data.Folder), "master.key")} (chmod 600): without it the server does not start.");
        if (settings.Chain.PhoneCountryCode != manifest.PhoneCountryCode)
            screen.Line($"The chain ran with chain.phoneCountryCode={manifest.PhoneCountryCode}, and the setting is {settings.Chain.PhoneCountryCode}: telephone numbers typed without one would not be found.");
        if (restore.Upto < manifest.Position) screen.Line("Access keys stand as they did at that position: revoke again what was revoked after it.");
    }
}
