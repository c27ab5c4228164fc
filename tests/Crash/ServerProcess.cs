using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ChainCrm.Crash;

/// <summary>The real server in a process of its own, on a free port of this machine.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private const int ListeningEvent = 1001;
    private const int ReadyEvent = 1002;
    private const int SigTerm = 15;
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _said = new();
    private Uri? _address;

    private ServerProcess(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder,
        };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "ChainCrm.Silo.dll"), "--data", Path.Combine(folder, "data"), .. arguments])
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The server ended before it was ready: " + Said));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything the process wrote.</summary>
    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>Starts and waits until the server says that it is ready.</summary>
    public static async Task<(ServerProcess Process, Uri Address)> StartAsync(string folder, params string[] arguments)
    {
        var process = new ServerProcess(folder, ["--port", "0", .. arguments]);
        return (process, await process._ready.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    /// <summary>Starts a server that is expected to give up; its exit code.</summary>
    public static async Task<(int ExitCode, string Said)> StartInVainAsync(string folder, params string[] arguments)
    {
        using var process = new ServerProcess(folder, ["--port", "0", .. arguments]);
        var code = await process.EndedAsync();
        return (code, process.Said);
    }

    /// <summary>SIGKILL: no goodbye of any kind.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync();
    }

    /// <summary>SIGTERM; the exit code and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> TerminateAsync()
    {
        var started = Stopwatch.GetTimestamp();
        if (Signal(_process.Id, SigTerm) != 0) throw new InvalidOperationException("The signal could not be sent.");
        return (await EndedAsync(), Stopwatch.GetElapsedTime(started));
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task<int> EndedAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The server process did not end within 30 seconds. It said: " + Said);
        }
        return _process.ExitCode;
    }

    private void Hear(string? line)
    {
        Note(line);
        if (line is null || !line.StartsWith('{')) return;
        using var json = JsonDocument.Parse(line);
        if (!json.RootElement.TryGetProperty("EventId", out var id) || json.RootElement.GetProperty("Category").GetString() != "ChainCrm.Server") return;
        if (id.GetInt32() == ListeningEvent) _address = new Uri(json.RootElement.GetProperty("State").GetProperty("Address").GetString()!);
        if (id.GetInt32() == ReadyEvent) _ready.TrySetResult(_address!);
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Signal(int process, int signal);
}
