using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.Personal;
using ChainCrm.Grains.Processes;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.Wall;
using ChainCrm.Journal;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Operation;
using ChainCrm.Silo.Wall;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChainCrm.Silo.Hosting;

/// <summary>Puts the web server together: API, wall, health, dashboard.</summary>
internal static class WebSetup
{
    /// <summary>Builds it over parts that are open.</summary>
    public static WebApplication Build(
        ServerSettings settings, ServerParts parts, Telemetry telemetry, Readiness readiness, TimeProvider clock, ILoggerFactory loggers, ILogger logger)
    {
        // The empty builder reads no file and no variable of its own: every setting comes from ServerSettings.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoLifetime>());
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(settings.Stop.DrainSeconds));
        KestrelSetup.Configure(builder, settings.Http);
        builder.Services.AddRouting();
        AddParts(builder.Services, settings, parts, clock);
        builder.Services.AddChainCrmApi();
        builder.Services.AddWall();

        var app = builder.Build();
        var folder = settings.Dashboard.Folder.Length > 0 ? settings.Dashboard.Folder : Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var dashboard = DashboardFiles.Read(folder);
        if (!dashboard.IsThere) Log.NoDashboard(logger, folder);

        // The web app adds its authorization by itself because the wall's hub registers some: one more wait in each sale for rules that nobody
        // has set. Who may do what is decided by AccessMiddleware alone.
        ((IApplicationBuilder)app).Properties["__AuthorizationMiddlewareSet"] = true;
        app.UseRouting();
        if (telemetry.IsOn) app.Use(next => context => Telemetry.NameSpan(context, next));
        app.UseChainCrmAccess();
        app.Use(next => context => dashboard.ServeAsync(context, next));
        app.MapHealth(readiness);
        app.MapChainCrmApi();
        app.MapWall();
        return app;
    }

    private static void AddParts(IServiceCollection services, ServerSettings settings, ServerParts parts, TimeProvider clock)
    {
        services.AddSingleton(clock);
        services.AddSingleton(new ChainOptions
        {
            DefaultChain = settings.Chain.Id,
            Demo = settings.Demo.Template.Length > 0 || parts.DemoMark is not null,
            AnonymousViewer = settings.Chain.AnonymousViewer,
            PhoneCountryCode = settings.Chain.PhoneCountryCode,
            DataFolder = Path.GetFullPath(settings.Data.Folder),
        });
        services.AddSingleton<IEngine>(parts.Engine);
        services.AddSingleton<IJournal>(parts.Journal);
        services.AddSingleton<IPersonalVault>(parts.Vault);
        services.AddSingleton<IDirectories>(parts.ReadSide.Directories);
        services.AddSingleton<IIdentityLookup>(parts.ReadSide.Identities);
        services.AddSingleton<IEnrolment>(parts.ReadSide.Enrolment);
        services.AddSingleton<IDeliveries>(parts.ReadSide.Deliveries);
        services.AddSingleton<IReadModels>(parts.ReadSide.ReadModels);
        services.AddSingleton<IWallFigures>(parts.ReadSide.Wall);
    }

    /// <summary>The process's own code takes the signals (see <see cref="ServerProgram"/>).</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
