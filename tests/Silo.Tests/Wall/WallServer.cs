using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Wall;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Hosting;
using ChainCrm.Silo.Wall;
using ChainCrm.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ChainCrm.Silo.Tests.Wall;

/// <summary>The live wall on a real web server, over figures that a test moves by hand.</summary>
internal sealed class WallServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    private WallServer(WebApplication app, HandMovedFigures figures, OneStore stores, string folder) =>
        (_app, Figures, Stores, Folder) = (app, figures, stores, folder);

    public HandMovedFigures Figures { get; }
    public OneStore Stores { get; }
    public string Folder { get; }
    public Uri Address { get; private set; } = new("http://127.0.0.1");
    public WallService Walls => _app.Services.GetRequiredService<WallService>();

    /// <summary>Fires when a test has waited far too long.</summary>
    public CancellationToken Patience => _timeout.Token;

    public static async Task<WallServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("wall").FullName;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        KestrelSetup.Configure(builder, new HttpSettings { Port = 0 });
        builder.Services.AddRouting();
        var (figures, stores) = (new HandMovedFigures(), new OneStore());
        builder.Services.AddSingleton<IWallFigures>(figures).AddSingleton<IDirectories>(stores).AddSingleton<IEngine>(new NobodyKnown())
            .AddSingleton<IPersonalVault>(new NoNames()).AddSingleton(new ChainOptions { Demo = true }).AddSingleton(TimeProvider.System);
        builder.Services.AddWall();
        var app = builder.Build();
        app.UseRouting();
        app.Use(next => context =>
        {
            context.Features.Set(Caller.Anonymous("main"));
            return next(context);
        });
        app.MapWall();
        await app.StartAsync();
        var server = new WallServer(app, figures, stores, folder);
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>A browser that opens the wall, or comes back to it.</summary>
    public async Task<HubClient> WatchAsync(long after = 0, string? run = null)
    {
        var client = await HubClient.ConnectAsync(Address, "/hub/wall", null, Patience);
        await client.StreamAsync("Watch", Patience, after.ToString(System.Globalization.CultureInfo.InvariantCulture), run is null ? "null" : $"\"{run}\"");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        _timeout.Dispose();
    }
}
