using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Silo.Access;
using Microsoft.AspNetCore.Http.Connections;

namespace ChainCrm.Silo.Wall;

/// <summary>Registers and maps the live wall.</summary>
internal static class WallSetup
{
    /// <summary>Adds the wall's services and SignalR with its limits.</summary>
    public static void AddWall(this IServiceCollection services)
    {
        services.AddSingleton<WallNames>();
        services.AddSingleton<WallService>();
        services.AddSignalR(options =>
        {
            options.MaximumReceiveMessageSize = 4 * 1024;
            options.KeepAliveInterval = TimeSpan.FromSeconds(5);
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            options.HandshakeTimeout = TimeSpan.FromSeconds(5);
            // A browser that reads slowly is noticed by the wall's own bounded queue, so the framework keeps next to nothing.
            options.StreamBufferCapacity = 1;
        }).AddJsonProtocol(options =>
        {
            var json = options.PayloadSerializerOptions;
            json.TypeInfoResolverChain.Insert(0, WallJson.Default);
            json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            // Chinese as it is, in half the bytes of its escapes; the text goes into a web socket, never into a page.
            json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
    }

    /// <summary>Maps the hub and the snapshot.</summary>
    public static void MapWall(this IEndpointRouteBuilder routes)
    {
        routes.MapHub<WallHub>("/hub/wall", options =>
        {
            options.Transports = HttpTransportType.WebSockets | HttpTransportType.LongPolling;
            options.ApplicationMaxBufferSize = 16 * 1024;
            options.TransportMaxBufferSize = 64 * 1024;
        }).RequireChainAccess(AccessRole.Viewer, AccessRole.Office);

        routes.MapGet("/v1/wall", async context =>
        {
            var caller = context.GetCaller() ?? throw new InvalidOperationException("The access check lets nobody through without a caller.");
            var walls = context.RequestServices.GetRequiredService<WallService>();
            var message = await walls.Channel(caller.Chain).SnapshotAsync(context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsJsonAsync(message, WallJson.Readable.WallMessage, cancellationToken: context.RequestAborted);
        }).RequireChainAccess(AccessRole.Viewer, AccessRole.Office);
    }
}
