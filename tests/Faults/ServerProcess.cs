using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ChainCrm.Faults;

/// <summary>The server ended before it listened.</summary>
internal sealed class StartFailedException(int exitCode, string said) : Exception($"The server ended with {exitCode} before it listened. It said: {said}")
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>The real server in a process of its own, on a free port of this machine. Serves from the moment it listens.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int ListeningEvent = 1001;
    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _said = new();

    /// <summary>Launches; <see cref="ListeningAsync"/> waits.</summary>
    public ServerProcess(string folder, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "ChainCrm.Silo.dll"), "--empty", "--port", "0", "--data", Path.Combine(folder, "data"), .. arguments])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new StartFailedException(_process.ExitCode, Said));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The end of what it wrote.</summary>
    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>Its address, once it listens.</summary>
    /// <exception cref="StartFailedException">It ended before.</exception>
    public Task<Uri> ListeningAsync() => _listening.Task.WaitAsync(TimeSpan.FromSeconds(FaultsLimits.PatienceSeconds));

    /// <summary>SIGKILL: no goodbye of any kind.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync(TimeSpan.FromSeconds(FaultsLimits.PatienceSeconds));
    }

    /// <summary>Waits for it to end by itself; false when it does not.</summary>
    public async Task<bool> EndedAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        Note(line);
        if (line is null || !line.StartsWith("""{"Timestamp""", StringComparison.Ordinal) || !line.Contains($"\"EventId\":{ListeningEvent},", StringComparison.Ordinal)) return;
        using var json = JsonDocument.Parse(line);
        if (json.RootElement.GetProperty("Category").GetString() == "ChainCrm.Server")
            _listening.TrySetResult(new Uri(json.RootElement.GetProperty("State").GetProperty("Address").GetString()!));
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            if (_said.Length > FaultsLimits.SaidMax) _said.Remove(0, FaultsLimits.SaidMax / 2);
            _said.AppendLine(line);
        }
    }
}
