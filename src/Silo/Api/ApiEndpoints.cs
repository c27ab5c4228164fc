using ChainCrm.Grains;
using ChainCrm.Grains.Personal;
using ChainCrm.Journal;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Backup;
using ChainCrm.Silo.Rehearsals;
using ChainCrm.Silo.OpenApi;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChainCrm.Silo.Api;

/// <summary>Puts the API on a server. The server registers what it works with: engine, journal, directories, vault, read models, options.</summary>
public static class ApiEndpoints
{
    /// <summary>Registers what the API brings itself.</summary>
    public static IServiceCollection AddChainCrmApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<KeyRing>();
        services.TryAddSingleton<Sessions>();
        services.TryAddSingleton<BackupService>();
        services.TryAddSingleton<RehearsalDesk>();
        services.TryAddSingleton<ApiServices>();
        return services;
    }

    /// <summary>Checks who is calling. Goes between routing and the endpoints.</summary>
    public static IApplicationBuilder UseChainCrmAccess(this IApplicationBuilder app) => app.UseMiddleware<AccessMiddleware>();

    /// <summary>Adds every address of the API.</summary>
    public static IEndpointRouteBuilder MapChainCrmApi(this IEndpointRouteBuilder endpoints)
    {
        // Resolved with the first request: by then the server has started what the services stand on.
        var services = new Lazy<ApiServices>(() => endpoints.ServiceProvider.GetRequiredService<ApiServices>());
        foreach (var operation in ApiOperations.All)
        {
            var handler = operation.Handler;
            endpoints.MapMethods(operation.Path, [operation.Method], http => RunAsync(services.Value, handler, http))
                .WithMetadata(operation, new AccessRule(guardsAgainstCrossSite: operation.Roles.Length > 0 || operation.Method == HttpMethods.Delete, operation.Roles))
                .WithDisplayName(operation.ToString());
        }

        endpoints.MapReference();
        return endpoints;
    }

    /// <summary>Runs one request. Whatever the handler does wrong stays here: a caller never sees more of it than a number.</summary>
    private static async Task RunAsync(ApiServices api, ApiHandler handler, HttpContext http)
    {
        ApiReply reply;
        try
        {
            // An address open to all has a handler that does not ask who is calling.
            reply = await handler(api, http, http.GetCaller()!);
        }
        catch (Exception failure) when (failure is ConnectionAbortedException or ConnectionResetException || http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; what was recorded stays recorded, and a retry gets its answer.
            return;
        }
        catch (Exception failure) when (failure is JournalUnavailableException or VaultUnavailableException && !http.Response.HasStarted)
        {
            // No mistake of the server: a disk or a database is in the way now. What was recorded stays recorded.
            ApiLog.NotNow(api.Log, failure, http.GetEndpoint()?.DisplayName ?? "?");
            reply = failure is JournalUnavailableException { DiskFull: true } or VaultUnavailableException { DiskFull: true } ? EngineRejections.DiskFull : EngineRejections.Unreadable;
        }
        catch (Exception failure)
        {
            ApiLog.Failed(api.Log, failure, http.GetEndpoint()?.DisplayName ?? "?", http.TraceIdentifier);
            if (http.Response.HasStarted) throw;
            http.Response.Headers["X-Trace-Id"] = http.TraceIdentifier;
            reply = ApiRejections.Unexpected;
        }

        await ReplyWriter.WriteAsync(http, reply);
    }
}

/// <summary>Log lines of the API. Event ids are stable; nothing personal and no query becomes an argument.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(1400, LogLevel.Error, "{Operation} failed unexpectedly, trace {Trace}.")]
    public static partial void Failed(ILogger logger, Exception failure, string operation, string trace);

    [LoggerMessage(1401, LogLevel.Warning, "{Operation} could not be done now.")]
    public static partial void NotNow(ILogger logger, Exception failure, string operation);
}
