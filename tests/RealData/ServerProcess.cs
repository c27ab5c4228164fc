using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChainCrm.Client;

namespace ChainCrm.RealData;

/// <summary>The real server as a process of its own, with a data folder of its own, on a port that stays the same when it is killed and started again.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly string _folder = Directory.CreateTempSubdirectory("chaincrm-realdata-").FullName;
    private readonly StringBuilder _said = new();
    private readonly int _port = FreePort();
    private Process? _process;

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));
    public string KeyFile => Path.Combine(_folder, "data", "office.key");

    public static async Task<ServerProcess> StartNewAsync()
    {
        var server = new ServerProcess();
        await server.StartAsync();
        return server;
    }

    /// <summary>A file beside the data of this server, gone with it.</summary>
    public string FileBeside(string name) => Path.Combine(_folder, name);

    /// <summary>A client with the office key.</summary>
    public ChainCrmClient Client() => new(new ChainCrmClientOptions { Server = Address, AccessKey = File.ReadAllText(KeyFile).Trim() });

    /// <summary>Starts the server and waits until it says that it is ready.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in new[] { Places.Server, "--empty", "--port", _port.ToString(CultureInfo.InvariantCulture), "--data", Path.Combine(_folder, "data") })
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync())
        {
            if (_process.HasExited) throw new InvalidOperationException($"The server ended with {_process.ExitCode} instead of starting:\n{Said()}");
            if (clock.Elapsed > StartWithin) throw new TimeoutException($"The server was not ready after {StartWithin.TotalSeconds} s:\n{Said()}");
            await Task.Delay(50);
        }
    }

    /// <summary>SIGKILL: nothing of it gets a chance to clean up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(Address, "/health/ready"));
            return answer.IsSuccessStatusCode && File.Exists(KeyFile);
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        lock (_said) _said.AppendLine(line);
    }

    private string Said()
    {
        lock (_said) return _said.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
