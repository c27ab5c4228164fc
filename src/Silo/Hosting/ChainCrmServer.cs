using System.Diagnostics;
using ChainCrm.Silo.Operation;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChainCrm.Silo.Hosting;

/// <summary>
/// The running server, in the process's or in a test's hands. Starts in the order of dependence and stops in the opposite one, so that
/// whatever takes requests ends before what they need.
/// </summary>
public sealed class ChainCrmServer : IAsyncDisposable
{
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ServerSettings _settings;
    private readonly WebApplication _app;
    private readonly Telemetry _telemetry;
    private readonly Readiness _readiness;
    private readonly ILogger _logger;
    private int _stopped;

    private ChainCrmServer(ServerSettings settings, WebApplication app, Telemetry telemetry, Readiness readiness, ILogger logger) =>
        (_settings, _app, _telemetry, _readiness, _logger) = (settings, app, telemetry, readiness, logger);

    /// <summary>The first address the server listens on, with the port it really got.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Fails when a part that the server can't live without ended; never completes otherwise.</summary>
    public Task Failure => _failure.Task;

    /// <summary>Starts everything. When this throws, whatever had been started is stopped again.</summary>
    public static async Task<ChainCrmServer> StartAsync(ServerSettings settings, CancellationToken cancellation = default)
    {
        var telemetry = Telemetry.Start(settings.Telemetry);
        var app = Build(settings, telemetry, out var readiness, out var logger);
        var server = new ChainCrmServer(settings, app, telemetry, readiness, logger);
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

    private async Task StartAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        Log.Starting(_logger, ServerVersion.Text, _settings.Data.Folder, _settings.Chain.Id);
        await _app.StartAsync(cancellation);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (var address in addresses)
        {
            Address = new Uri(address);
            Log.Listening(_logger, address);
            if (!Address.IsLoopback) Log.OpenWithoutHttps(_logger, address);
        }
        _readiness.Started();
        Log.Ready(_logger, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0);
    }

    private static WebApplication Build(ServerSettings settings, Telemetry telemetry, out Readiness readiness, out ILogger logger)
    {
        // The empty builder reads no file and no variable of its own: every setting comes from ServerSettings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Logs.Configure(builder.Logging, settings.Log);
        KestrelSetup.Configure(builder, settings.Http);
        builder.Services.AddRouting();
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(settings.Stop.DrainSeconds));

        var app = builder.Build();
        logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ChainCrm.Server");
        readiness = new Readiness(logger);
        var disk = new DiskWatch(settings.Data.Folder, settings.Data.DiskLowMegabytes, TimeProvider.System);
        readiness.AddWarning(disk.Check);
        readiness.AddFigure("diskFreeMegabytes", disk.FreeMegabytes);

        var folder = settings.Dashboard.Folder.Length > 0 ? settings.Dashboard.Folder : Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var dashboard = DashboardFiles.Read(folder);
        if (!dashboard.IsThere) Log.NoDashboard(logger, folder);

        app.UseRouting();
        if (telemetry.IsOn) app.Use(next => context => Telemetry.NameSpan(context, next));
        app.Use(next => context => dashboard.ServeAsync(context, next));
        app.MapHealth(readiness);
        return app;
    }

    /// <summary>Stops: no new requests, those under way finish (bounded), snapshots, flush. Safe to call twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1) return;
        var started = Stopwatch.GetTimestamp();
        Log.Stopping(_logger);
        _readiness.Stopping();
        await StopPartAsync("http", () => new ValueTask(_app.StopAsync()));
        Log.Stopped(_logger, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        _telemetry.Dispose();
        await _app.DisposeAsync();
    }

    // One part that fails to stop must not keep the next ones from saving their state.
    private async Task StopPartAsync(string part, Func<ValueTask> stop)
    {
        try
        {
            await stop();
        }
        catch (Exception failure)
        {
            Log.PartFailedToStop(_logger, failure, part);
        }
    }

    /// <summary>The process's own code takes the signals (see <see cref="ServerProgram"/>).</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
