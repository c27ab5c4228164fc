using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ChainCrm.Client.Backup;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm backup</c>: fetches a backup of the running installation, sealed by the server for the operator's key.</summary>
internal static class BackupCommand
{
    public static Command Create(ConnectionOptions connection)
    {
        var file = new Argument<string>("FILE") { Description = "Where the backup goes; must not be there yet." };
        var key = new Option<string>("--backup-key") { Description = "The backup key, either half; the public one suffices. chaincrm backup-key makes it.", HelpName = "KEY", Required = true };
        var command = new Command("backup", "Fetches a backup of the running installation. Needs an access key of headquarters that sees personal data. docs/operations/backup.md says what is in it.")
        {
            file, key,
        };
        command.SetAction((arguments, cancellation) => RunAsync(
            connection.Read(arguments), arguments.GetRequiredValue(file), BackupKey.Load(arguments.GetRequiredValue(key)), new Screen(arguments.InvocationConfiguration.Output), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ChainCrmClientOptions options, string path, BackupKey key, Screen screen, CancellationToken cancellation)
    {
        if (File.Exists(path)) throw new UsageException($"{path} is there already.");
        var clock = Stopwatch.StartNew();
        var (entries, bytes) = (0L, 0L);
        // Under another name until it is whole and on the disk: what bears the name is a backup.
        var unfinished = path + ".part";
        // Opened before anything that can fail: what the failure takes away again is what this command made, and never another one's.
        var output = OpenNew(unfinished);
        try
        {
            await using (output)
            {
                using var client = new ChainCrmClient(options);
                await using var download = await client.BackupAsync(key.Public.ToArray(), cancellation);
                entries = download.Entries;
                await ProgressLine.RunAsync(screen, "entries", entries, async advance => bytes = await download.CopyAsync(output, advance, cancellation), cancellation);
                output.Flush(flushToDisk: true);
            }
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }

        Name(unfinished, path);
        screen.Table("Backup", ["", "value"],
        [
            ["file", path],
            ["backup key", key.Id],
            ["entries", entries.ToString("N0", CultureInfo.InvariantCulture)],
            ["bytes", bytes.ToString("N0", CultureInfo.InvariantCulture)],
            ["seconds", clock.Elapsed.TotalSeconds.ToString("N1", CultureInfo.InvariantCulture)],
        ]);
        screen.Line("The master key is not in it: keep a copy of master.key, apart from the backups.");
        return ExitCodes.Done;
    }

    /// <summary>A file that was not there: two commands never write to one, and a name that is taken is not emptied.</summary>
    private static FileStream OpenNew(string unfinished)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(unfinished, options);
        }
        catch (IOException) when (File.Exists(unfinished))
        {
            throw new UsageException(IsHeld(unfinished)
                ? $"Another backup to that name is running: it writes {unfinished}."
                : $"{unfinished} is there, of a backup that was killed or could not be given its name. See whether it is wanted (restore --check), and remove it.");
        }
    }

    private static bool IsHeld(string unfinished)
    {
        try
        {
            using var _ = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            // The other one has ended meanwhile; it was running when this one asked.
            return true;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void Name(string unfinished, string path)
    {
        try
        {
            File.Move(unfinished, path);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            // It is whole: whoever waited for it must not have to wait again.
            throw new UsageException($"The backup is whole, but could not be named {path}: {taken.Message} It stays at {unfinished}.");
        }
    }
}
