using System.Diagnostics;

namespace ChainCrm.Peers;

/// <summary>Runs a programme to its end, or keeps one running; ends only what it started.</summary>
internal sealed class Tool : IDisposable
{
    private readonly Process process;

    private Tool(Process process) => this.process = process;

    /// <summary>Runs to the end and answers what was printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message holds what it said.</exception>
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(file, arguments, environment);
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{file} ended with {process.ExitCode}: {output}{await errors}");
    }

    /// <summary>Starts something that stays, and answers with the first line it prints that has the text in it.</summary>
    public static async Task<(Tool Tool, string Line)> KeepAsync(string file, IEnumerable<string> arguments, string text, IReadOnlyDictionary<string, string>? environment = null)
    {
        var tool = new Tool(Start(file, arguments, environment));
        var said = new List<string>();
        while (await tool.process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
            if (!line.Contains(text, StringComparison.Ordinal)) continue;
            // What it prints later must not fill the pipe.
            _ = tool.process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            _ = tool.process.StandardError.BaseStream.CopyToAsync(Stream.Null);
            return (tool, line);
        }

        var errors = await tool.process.StandardError.ReadToEndAsync();
        tool.Dispose();
        throw new InvalidOperationException($"{file} ended before it was ready: {string.Join('\n', said)}{errors}");
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static Process Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"{file} does not start.");
    }
}
