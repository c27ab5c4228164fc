using System.Diagnostics;
using System.Text;
using Shouldly;

namespace ChainCrm.Crash;

/// <summary>The command line in a process of its own, so that it can be killed.</summary>
internal sealed class Chaincrm : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private Chaincrm(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "chaincrm.dll"), .. arguments]) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>True once the process has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it and goes on.</summary>
    public static Chaincrm Start(params string[] arguments) => new(arguments);

    /// <summary>Runs it to its end; exit code and what it wrote.</summary>
    public static async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        using var run = new Chaincrm(arguments);
        return (await run.EndAsync(), run.Said);
    }

    /// <summary>Runs it to an end that must be good.</summary>
    public static async Task DoAsync(params string[] arguments)
    {
        var (code, said) = await RunAsync(arguments);
        code.ShouldBe(0, $"chaincrm {string.Join(' ', arguments)}: {said}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"chaincrm did not end within {Patience.TotalSeconds} seconds. It said: {Said}");
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM to it alone; its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        const int sigTerm = 15;
        if (ServerProcess.Signal(_process.Id, sigTerm) != 0 && !HasEnded) throw new InvalidOperationException("The signal could not be sent.");
        return await EndAsync();
    }

    /// <summary>SIGKILL to it and to what it started.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
    }
}
