using System.Diagnostics;
using System.Text;

namespace ChainCrm.Crash;

/// <summary>A command of the server's programme, or chaincrm, in a process of its own.</summary>
internal sealed class MoveProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private MoveProcess(string programme, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, programme), .. arguments]) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Begins to move the chain of a data folder.</summary>
    public static MoveProcess Start(string to, Chain chain, string[] settings, params string[] more) =>
        new("ChainCrm.Silo.dll", ["move", "--to", to, "--data", chain.DataFolder, .. settings, .. more]);

    /// <summary>Moves the chain of a data folder; exit code and everything that was written.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(string to, Chain chain, string[] settings, params string[] more)
    {
        using var process = Start(to, chain, settings, more);
        return await process.EndAsync();
    }

    /// <summary>Runs <c>chaincrm verify</c> against a running server.</summary>
    public static async Task<(int ExitCode, string Said)> VerifyAsync(Chain chain)
    {
        using var process = new MoveProcess("chaincrm.dll", ["verify", "--server", (await chain.Where.WhereAsync()).ToString(), "--key-file", Path.Combine(chain.DataFolder, "office.key")]);
        return await process.EndAsync();
    }

    public async Task<(int ExitCode, string Said)> EndAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await _process.WaitForExitAsync(timeout.Token);
        lock (_said) return (_process.ExitCode, _said.ToString());
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
    }
}
