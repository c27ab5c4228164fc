using System.CommandLine;
using ChainCrm.Client.Backup;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm backup-key</c>: makes the pair of keys that backups are sealed for and opened with.</summary>
internal static class BackupKeyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where the private half goes; the public one goes to FILE.public." };
        var command = new Command(
            "backup-key",
            "Makes a backup key: FILE opens backups and is kept apart from them and from the server; FILE.public makes them and may be anywhere.")
        { file };
        command.SetAction(arguments =>
        {
            var path = arguments.GetRequiredValue(file);
            var publicPath = path + ".public";
            foreach (var taken in (string[])[path, publicPath])
                if (File.Exists(taken)) throw new UsageException($"{taken} is there already; backups made for it would never open again.");
            var key = BackupKey.Generate();
            key.Save(path, withPrivate: true);
            key.Save(publicPath, withPrivate: false);
            var screen = new Screen(arguments.InvocationConfiguration.Output);
            screen.Line($"Backup key {key.Id}: {path} opens backups (keep copies of it, apart from them), {publicPath} makes them.");
            return ExitCodes.Done;
        });
        return command;
    }
}
