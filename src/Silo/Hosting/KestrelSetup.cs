using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ChainCrm.Silo.Hosting;

/// <summary>How the web server is tuned.</summary>
internal static class KestrelSetup
{
    /// <summary>Sets Kestrel up.</summary>
    public static void Configure(WebApplicationBuilder builder, HttpSettings settings)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls(settings.Urls.Length > 0 ? settings.Urls : $"http://127.0.0.1:{settings.Port}");
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.AllowSynchronousIO = false;
            // Only HTTP/1.1: without TLS browsers and tills speak nothing else, and one protocol is one set of limits.
            options.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http1);
            var limits = options.Limits;
            limits.MaxConcurrentConnections = settings.ConnectionsMax;
            limits.MaxConcurrentUpgradedConnections = HostLimits.WallsMax;
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(settings.KeepAliveSeconds);
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(settings.HeadersSeconds);
            limits.MaxRequestBodySize = HostLimits.RequestBodyBytesMax;
            limits.MaxRequestBufferSize = HostLimits.RequestBufferBytesMax;
            limits.MaxRequestLineSize = HostLimits.RequestLineBytesMax;
            limits.MaxRequestHeadersTotalSize = HostLimits.RequestHeadersBytesMax;
            limits.MaxRequestHeaderCount = HostLimits.RequestHeaderCountMax;
        });
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            // Reading, deciding what to ask, and handing over to the engine never block, so they may run on the socket's own thread:
            // measured, the hop to the thread pool costs more than the work.
            options.UnsafePreferInlineScheduling = true;
            options.WaitForDataBeforeAllocatingBuffer = true;
            options.Backlog = 1024;
        });
    }
}
