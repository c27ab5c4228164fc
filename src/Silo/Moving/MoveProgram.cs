using System.Runtime.InteropServices;
using ChainCrm.Client.Commands;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Moving;

/// <summary>The command <c>move</c>: arguments, signals, exit codes.</summary>
internal static class MoveProgram
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Word = "move";

    /// <summary>The comparison found a difference; the source is as it was.</summary>
    public const int Different = 1;

    /// <summary>Stopped by a signal; the same command goes on.</summary>
    public const int Stopped = 130;

    private const string HelpText = """
        Moves the stopped chain of a data folder to the other store, and verifies it.

          move --to postgres    from journal.db to the schema that journal.connection and journal.schema name
          move --to sqlite      from that schema to journal.db
          --start-over          throw away what a move has filled so far, and copy anew
          --data, --config, --set as for the server

        It can be stopped or killed at any moment, and goes on when it is run again. No server starts on the target before everything
        is there and verified; the source is kept as it was, and no server starts on it afterwards. docs/operations/postgres.md says more.
        Exit codes: 0 moved, 1 a difference was found, 2 wrong configuration, 3 a side cannot be used or reached, 130 stopped.
        """;

    /// <summary>Runs the command; returns the exit code.</summary>
    /// <param name="arguments">What follows the word.</param>
    /// <param name="output">For progress and result; faults go to the standard error.</param>
    /// <param name="environment">The environment's variables.</param>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            if (Parse(arguments, environment) is not var (settings, toPostgres, startOver))
            {
                await output.WriteLineAsync(HelpText);
                return ServerProgram.Fine;
            }

            return await new ChainMove(settings, toPostgres, startOver, new Screen(output)).RunAsync(stop.Token) ? ServerProgram.Fine : Different;
        }
        catch (WrongConfigurationException failure)
        {
            return await ServerProgram.SayAsync("The chain cannot be moved with this configuration.", failure.Message, ServerProgram.WrongConfiguration);
        }
        catch (Exception failure) when (failure is JournalUnusableException or VaultUnusableException)
        {
            return await ServerProgram.SayAsync("The chain was not moved; where it was it is as before.", failure.Message, ServerProgram.DataUnusable);
        }
        catch (Exception failure) when (failure is JournalUnavailableException or VaultUnavailableException)
        {
            return await ServerProgram.SayAsync("The move did not end; run the same command again to go on.", failure.Message, ServerProgram.DataUnusable);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await ServerProgram.SayAsync("Stopped.", "The chain is where it was; run the same command again to go on.", Stopped);
        }

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>The settings and what is asked for; null for help.</summary>
    /// <exception cref="WrongConfigurationException">Something is wrong.</exception>
    private static (ServerSettings Settings, bool ToPostgres, bool StartOver)? Parse(string[] arguments, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        List<string> rest = [];
        var (to, startOver) = ("", false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--start-over") startOver = true;
            else if (arguments[i] is "--to" && i + 1 < arguments.Length) to = arguments[++i];
            else rest.Add(arguments[i]);
        }

        var line = CommandLine.Parse(rest);
        if (line.Help) return null;
        if (to is not ("postgres" or "sqlite")) throw new WrongConfigurationException("--to must be postgres or sqlite. move --help says more.");
        var settings = SettingsReader.Read(line, environment);
        // Needed whatever journal.store is set to: one of the sides is there.
        if (JournalStore.Fault(settings.Journal) is { } fault) throw new WrongConfigurationException(fault);
        return (settings, to == "postgres", startOver);
    }
}
