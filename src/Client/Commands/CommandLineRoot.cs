using System.CommandLine;
using System.CommandLine.Parsing;
using ChainCrm.Client.Backup;
using ChainCrm.Client.Replay;

namespace ChainCrm.Client.Commands;

/// <summary>The <c>chaincrm</c> command. Also called by tests, which read what it writes.</summary>
public static class CommandLineRoot
{
    /// <summary>Runs one command line to its exit code; see <see cref="ExitCodes"/>.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var connection = new ConnectionOptions();
        var root = new RootCommand("Talks to a ChainCrm server: replays purchases, makes load, verifies the journal, shows totals, rehearses rules, makes backups and brings them back.");
        connection.AddTo(root);
        root.Add(ReplayCommand.Create(connection));
        root.Add(LoadCommand.Create(connection));
        root.Add(VerifyCommand.Create(connection));
        root.Add(StatsCommand.Create(connection));
        root.Add(CodesCommand.Create(connection));
        root.Add(RehearseCommand.Create(connection));
        root.Add(BackupKeyCommand.Create());
        root.Add(BackupCommand.Create(connection));
        root.Add(RestoreCommand.Create());

        var result = root.Parse(arguments);
        var invocation = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        if (result.Errors.Count > 0)
        {
            foreach (var wrong in result.Errors) await error.WriteLineAsync($"chaincrm: {wrong.Message}");
            await error.WriteLineAsync("chaincrm: --help shows what can be given.");
            return ExitCodes.WrongUse;
        }

        try
        {
            return await result.InvokeAsync(invocation, cancellation);
        }
        catch (Exception expected) when (expected is CsvException or UsageException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"chaincrm: {expected.Message}");
            return ExitCodes.WrongUse;
        }
        catch (Exception failed) when (failed is ChainCrmException or BackupUnusableException)
        {
            await error.WriteLineAsync($"chaincrm: {failed.Message}");
            return ExitCodes.ServerFailed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("chaincrm: stopped.");
            return ExitCodes.Stopped;
        }
    }
}

/// <summary>What a command says to the shell.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    /// <summary>verify found a difference.</summary>
    public const int Different = 1;
    /// <summary>An option, a file or a mapping is wrong; nothing was sent.</summary>
    public const int WrongUse = 2;
    /// <summary>The server could not be reached or refused what the command needs.</summary>
    public const int ServerFailed = 3;
    /// <summary>Ctrl-C.</summary>
    public const int Stopped = 130;
}

/// <summary>The command was used wrongly; one sentence that says how.</summary>
public sealed class UsageException(string message) : Exception(message);
