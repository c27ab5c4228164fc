using System.Collections;
using System.Runtime.InteropServices;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Moving;
using ChainCrm.Silo.Operation;

namespace ChainCrm.Silo.Hosting;

/// <summary>The process: command line, signals, exit codes.</summary>
public static class ServerProgram
{
    /// <summary>Stopped as asked.</summary>
    public const int Fine = 0;
    /// <summary>Something unexpected.</summary>
    public const int Failed = 1;
    /// <summary>The command line or a setting is wrong.</summary>
    public const int WrongConfiguration = 2;
    /// <summary>The data can't be used: damaged, of a newer version, held by another process, or not to be reached. Nothing was touched.</summary>
    public const int DataUnusable = 3;
    /// <summary>The address is taken or not ours.</summary>
    public const int AddressTaken = 4;

    /// <summary>Runs the server until a stop signal, or the command that the first argument names; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [MoveProgram.Word, .. var rest]) return await MoveProgram.RunAsync(rest, Console.Out, EnvironmentVariables());
        if (arguments is [RestoreProgram.Name, ..]) return await RestoreProgram.RunAsync(arguments[1..], EnvironmentVariables(), Console.Out, Console.Error);
        var line = CommandLine.Parse(arguments);
        if (line.Help)
        {
            await Console.Out.WriteLineAsync(CommandLine.HelpText);
            return Fine;
        }
        if (line.Version)
        {
            await Console.Out.WriteLineAsync($"ChainCrm {ServerVersion.Text}");
            return Fine;
        }
        try
        {
            await ServeAsync(SettingsReader.Read(line, EnvironmentVariables()));
            return Fine;
        }
        catch (WrongConfigurationException failure)
        {
            return await SayAsync("The server cannot start with this configuration.", failure.Message, WrongConfiguration);
        }
        catch (Exception failure) when (failure is JournalUnusableException or VaultUnusableException)
        {
            return await SayAsync("The server does not start; the data was not touched.", failure.Message, DataUnusable);
        }
        catch (Exception failure) when (failure is JournalUnavailableException or VaultUnavailableException)
        {
            return await SayAsync("The server does not start; its data can't be reached.", failure.Message, DataUnusable);
        }
        catch (IOException failure) when (IsAddressFault(failure))
        {
            return await SayAsync("The server cannot listen.", failure.Message, AddressTaken);
        }
    }

    private static async Task ServeAsync(ServerSettings settings)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The signals are taken here and not by the framework's lifetime, because the order of stopping is ours.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        await using var server = await ChainCrmServer.StartAsync(settings);
        await await Task.WhenAny(stop.Task, server.Failure);

        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> EnvironmentVariables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(e => new KeyValuePair<string, string?>((string)e.Key, (string?)e.Value));

    private static bool IsAddressFault(IOException failure) =>
        failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or System.Net.Sockets.SocketException;

    /// <summary>Says on the standard error what happened and why, and answers the exit code.</summary>
    internal static async Task<int> SayAsync(string what, string why, int code)
    {
        await Console.Error.WriteLineAsync(what);
        await Console.Error.WriteLineAsync(why);
        return code;
    }
}
