using System.Collections.Concurrent;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.ReadSide;
using ChainCrm.Journal;
using ChainCrm.Journal.Sqlite;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>The API on a real web server over the real journal, engine, vault and read side in a folder of its own.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly ShiftedTime _time = new();
    private readonly LogKeeper _log = new();
    private ReadSideHost _readSide = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private ApiServer() => Folder = Directory.CreateTempSubdirectory("api").FullName;

    public string Folder { get; }
    public Uri Address => _http.BaseAddress!;
    public string OfficeKey { get; private set; } = "";
    internal TroubledEngine Engine { get; private set; } = null!;
    internal IPersonalVault Vault { get; private set; } = null!;
    public IReadOnlyCollection<string> Log => _log.Lines;
    public IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public static async Task<ApiServer> StartAsync()
    {
        var server = new ApiServer();
        await server.StartPartsAsync();
        await server.StartWebAsync();
        return server;
    }

    /// <summary>Somebody with a key, or without.</summary>
    public ApiCaller As(string? key) => new(_http, key, () => string.Join('\n', _log.Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(1)));

    /// <summary>Waits until totals and lists show everything recorded so far.</summary>
    public Task ReadModelsCaughtUpAsync() => _readSide.ReadModels.WaitForAsync(Engine.Feed.Head).AsTask().WaitAsync(Patience);

    /// <summary>The server's clock runs ahead until this is disposed.</summary>
    public IDisposable Later(TimeSpan by) => _time.Shift(by);

    /// <summary>What the host does at every start.</summary>
    public Task<string?> EnsureOfficeKeyAsync() => AccessBootstrap.EnsureOfficeKeyAsync(Engine, _readSide.Directories, Folder);

    private async Task StartPartsAsync()
    {
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var journal = Keep(await SqliteJournal.OpenAsync(new SqliteJournalOptions { Folder = Folder }));
        var snapshots = Keep(await SqliteSnapshotStore.OpenAsync(Folder, journal));
        var vault = Keep(PersonalVault.Open(Path.Combine(Folder, "master.key"), Path.Combine(Folder, "keys.db")));
        Vault = vault;
        _readSide = await ReadSideHost.OpenAsync(new SqliteReadSide(Folder), journal, TimeProvider.System, loggers.CreateLogger("read-side"));
        var engine = new EmbeddedEngine(journal, snapshots, _readSide.Directories, new EngineOptions(), TimeProvider.System, loggers);
        Keep(engine);
        Keep(_readSide);
        await engine.StartAsync();
        await _readSide.StartAsync(engine, vault);
        Engine = new TroubledEngine(engine);
        var file = await EnsureOfficeKeyAsync() ?? throw new InvalidOperationException("A new chain got no office key.");
        OfficeKey = (await File.ReadAllTextAsync(file)).Trim();

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        KestrelSetup.Configure(builder, new HttpSettings { Port = 0 });
        builder.Logging.AddProvider(_log).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IEngine>(Engine).AddSingleton<IJournal>(journal).AddSingleton<IPersonalVault>(vault).AddSingleton<TimeProvider>(_time)
            .AddSingleton(_readSide.Directories).AddSingleton(_readSide.Identities).AddSingleton(_readSide.Enrolment).AddSingleton(_readSide.Deliveries).AddSingleton(_readSide.ReadModels)
            .AddSingleton(new ChainOptions());
        builder.Services.AddChainCrmApi();
        _app = builder.Build();
    }

    private async Task StartWebAsync()
    {
        _app.UseRouting();
        _app.UseChainCrmAccess();
        _app.MapChainCrmApi();
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(address), Timeout = Patience };
    }

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        _parts.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        while (_parts.TryPop(out var part)) await part.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private sealed class ShiftedTime : TimeProvider
    {
        private long _aheadTicks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _aheadTicks));

        public IDisposable Shift(TimeSpan by)
        {
            Interlocked.Exchange(ref _aheadTicks, by.Ticks);
            return new Undo(() => Interlocked.Exchange(ref _aheadTicks, 0));
        }
    }

    private sealed class LogKeeper : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Lines are kept until the test has read them.
        }
    }
}

/// <summary>An engine that can be made to refuse or to fail.</summary>
internal sealed class TroubledEngine(IEngine engine) : IEngine
{
    private volatile Domain.Rejection? _refusal;
    private volatile Exception? _failure;
    private ulong _fingerprint;

    public IFeed Feed => engine.Feed;

    public IDisposable RefuseWith(Domain.Rejection rejection)
    {
        _refusal = rejection;
        return new Undo(() => _refusal = null);
    }

    public IDisposable FailWith(Exception failure)
    {
        _failure = failure;
        return new Undo(() => _failure = null);
    }

    /// <summary>Commands reach the grain with this fingerprint, whatever they came with.</summary>
    public IDisposable RecordWith(ulong fingerprint)
    {
        _fingerprint = fingerprint;
        return new Undo(() => _fingerprint = 0);
    }

    public ValueTask<CommandReply> AskAsync(GrainCommand command)
    {
        if (_failure is { } failure) throw failure;
        if (_fingerprint is > 0 and var fingerprint) command = command with { Fingerprint = fingerprint };
        return _refusal is { } refusal ? new ValueTask<CommandReply>(new CommandReply(ReplyKind.Refused, null, refusal)) : engine.AskAsync(command);
    }

    public ValueTask<ReadReply<TResult>> ReadAsync<TState, TArgument, TResult>(GrainId grain, TArgument argument, Func<TState, TArgument, TResult> read)
        where TState : class => engine.ReadAsync(grain, argument, read);
}

/// <summary>Undoes something at the end of a using.</summary>
internal sealed class Undo(Action action) : IDisposable
{
    public void Dispose() => action();
}
