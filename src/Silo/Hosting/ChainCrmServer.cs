using System.Diagnostics;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Demo;
using ChainCrm.Silo.Operation;
using ChainCrm.Silo.Wall;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ChainCrm.Silo.Hosting;

/// <summary>
/// The running server, in the process's or in a test's hands. Starts in the order of dependence and stops in the opposite one, so that
/// whatever takes requests ends before what they need.
/// </summary>
public sealed class ChainCrmServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServerSettings _settings;
    private readonly Telemetry _telemetry;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly Readiness _readiness;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private ServerParts? _parts;
    private WebApplication? _app;
    private DemoService? _demo;
    private Task _catchingUp = Task.CompletedTask;
    private int _stopped;

    private ChainCrmServer(ServerSettings settings)
    {
        _settings = settings;
        _telemetry = Telemetry.Start(settings.Telemetry);
        _loggers = LoggerFactory.Create(logging => Logs.Configure(logging, settings.Log));
        _logger = _loggers.CreateLogger("ChainCrm.Server");
        _readiness = new Readiness(_logger);
    }

    /// <summary>The first address the server listens on, with the port it really got.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Completes when the read side has caught up for the first time and /health/ready says so.</summary>
    public Task Ready => _catchingUp;

    /// <summary>Fails when a part that the server can't live without ended; never completes otherwise.</summary>
    public Task Failure => _failure.Task;

    /// <summary>The generated chain; null when there is none.</summary>
    internal DemoService? Demo => _demo;

    /// <summary>Starts everything; tills can call when it returns. When this throws, whatever had been started is stopped again.</summary>
    public static async Task<ChainCrmServer> StartAsync(ServerSettings settings, CancellationToken cancellation = default)
    {
        var server = new ChainCrmServer(settings);
        try
        {
            await server.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops: no new requests, those under way finish (bounded), snapshots, flush. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1) return;
        var started = Stopwatch.GetTimestamp();
        Log.Stopping(_logger);
        _readiness.Stopping();
        await _stop.CancelAsync();
        if (_demo is not null) await Quietly.RunAsync(_logger, "demo", _demo.DisposeAsync);
        if (_app is not null)
        {
            await Quietly.RunAsync(_logger, "wall", _app.Services.GetRequiredService<WallService>().DisposeAsync);
            await Quietly.RunAsync(_logger, "http", () => new ValueTask(_app.StopAsync()));
            await Quietly.RunAsync(_logger, "services", _app.DisposeAsync);
        }
        await Quietly.RunAsync(_logger, "catching up", () => new ValueTask(_catchingUp));
        if (_parts is not null) await _parts.DisposeAsync();
        Log.Stopped(_logger, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        _telemetry.Dispose();
        _loggers.Dispose();
        _stop.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        Log.Starting(_logger, ServerVersion.Text, _settings.Data.Folder, _settings.Chain.Id);
        var clock = TimeProvider.System;
        _parts = await ServerParts.OpenAsync(_settings, clock, _loggers, cancellation);
        var keyFile = await AccessBootstrap.EnsureOfficeKeyAsync(_parts.Engine, _parts.ReadSide.Directories, _settings.Data.Folder, _settings.Chain.Id);
        if (keyFile is not null) Log.OfficeKeyWritten(_logger, keyFile);

        HealthChecks.Add(_readiness, _parts, _settings.Data, clock);
        _app = WebSetup.Build(_settings, _parts, _telemetry, _readiness, clock, _loggers, _logger);
        await _app.StartAsync(cancellation);
        foreach (var address in _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            Address = new Uri(address);
            Log.Listening(_logger, address);
            if (!Address.IsLoopback) Log.OpenWithoutHttps(_logger, address);
        }
        _catchingUp = CatchUpAsync(_parts);
        if (_settings.Demo.Template.Length == 0) return;
        _demo = new DemoService(_settings.Demo, _parts.DemoMark, Path.GetFullPath(_settings.Data.Folder), _settings.Chain.Id, _parts.Engine,
            _parts.ReadSide.Enrolment, _parts.ReadSide.Directories, clock, _logger);
        _demo.Start();
    }

    // The engine serves from the first moment; lists and statistics are complete once the read side shows what the journal held at the start.
    private async Task CatchUpAsync(ServerParts parts)
    {
        var head = parts.Journal.Head;
        try
        {
            await parts.ReadSide.ReadModels.WaitForAsync(head, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped before it had caught up; the next start goes on from there.
            return;
        }
        _readiness.Started();
        Log.Ready(_logger, (long)Stopwatch.GetElapsedTime(_startedAt).TotalMilliseconds, head);
    }
}
