using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace ChainCrm.Client.Commands;

/// <summary><c>chaincrm restore</c>: has the server's executable bring a backup back, because journal and vault are its own and this command knows nothing of them.</summary>
internal static class RestoreCommand
{
    private const string ServerFile = "ChainCrm.Silo.dll";

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The backup." };
        var key = new Option<string>("--backup-key") { Description = "The private half of the backup key.", HelpName = "KEY", Required = true };
        var data = new Option<string?>("--data") { Description = "The data folder to restore to; it must be empty or not be there.", HelpName = "FOLDER" };
        var until = new Option<long?>("--until") { Description = "The last position of the journal to bring back; all of them without it.", HelpName = "POSITION" };
        var master = new Option<string?>("--master-key") { Description = "A copy of master.key to put beside the keys; it is looked at first.", HelpName = "FILE" };
        var check = new Option<bool>("--check") { Description = "Only reads the backup to its end and says whether it is whole." };
        var config = new Option<string?>("--config") { Description = "The server's configuration file, as for the server.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "Any setting of the server, such as journal.store=postgres; can be repeated.", HelpName = "PATH=VALUE" };
        var program = new Option<string?>("--server-program") { Description = $"The server's {ServerFile}; found beside this command or in ../server without it.", HelpName = "FILE" };
        var command = new Command(
            "restore",
            "Brings a backup back to an empty data folder of this machine and, by journal.store=postgres, to an empty schema of PostgreSQL. The server is not running meanwhile.")
        {
            file, key, data, until, master, check, config, set, program,
        };
        command.SetAction((arguments, cancellation) =>
        {
            List<string> passed = ["restore", arguments.GetRequiredValue(file), "--backup-key", arguments.GetRequiredValue(key), "--ends-with-input"];
            Pass("--data", arguments.GetValue(data));
            Pass("--until", arguments.GetValue(until)?.ToString(CultureInfo.InvariantCulture));
            Pass("--master-key", arguments.GetValue(master));
            Pass("--config", arguments.GetValue(config));
            foreach (var setting in arguments.GetValue(set) ?? []) Pass("--set", setting);
            if (arguments.GetValue(check)) passed.Add("--check");
            else if (arguments.GetValue(data) is null) throw new UsageException("--data names the folder to restore to.");
            return RunAsync(ServerProgramOf(arguments.GetValue(program)), passed, arguments.InvocationConfiguration, cancellation);

            void Pass(string name, string? value)
            {
                if (value is not null) passed.AddRange([name, value]);
            }
        });
        return command;
    }

    private static string ServerProgramOf(string? given)
    {
        string[] places = given is null ? [Path.Combine(AppContext.BaseDirectory, ServerFile), Path.Combine(AppContext.BaseDirectory, "..", "server", ServerFile)] : [given];
        return places.FirstOrDefault(File.Exists)
            ?? throw new UsageException($"The server's executable is not at {string.Join(" or ", places.Select(Path.GetFullPath))}. A restore runs where the server is installed; --server-program says where that is.");
    }

    /// <summary>The terminal is the other process's, so that its progress is the one shown; only where the output is somebody's buffer it is passed on.</summary>
    private static async Task<int> RunAsync(string program, List<string> arguments, InvocationConfiguration streams, CancellationToken cancellation)
    {
        var own = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var isTerminal = ReferenceEquals(streams.Output, Console.Out);
        var start = new ProcessStartInfo(own) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = !isTerminal, RedirectStandardError = !isTerminal };
        foreach (var argument in (List<string>)[program, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new UsageException($"{program} could not be started.");
        try
        {
            if (!isTerminal) await Task.WhenAll(PassOnAsync(process.StandardOutput, streams.Output), PassOnAsync(process.StandardError, streams.Error));
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // The end of its input tells the other process to take back what it wrote, and so does the end of this one, however that comes.
            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return process.ExitCode;
    }

    private static async Task PassOnAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line) await to.WriteLineAsync(line);
    }
}
