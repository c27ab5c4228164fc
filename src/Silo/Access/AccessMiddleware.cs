using ChainCrm.Domain;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Access;

/// <summary>
/// Finds out who is calling and whether the address is theirs to use. Runs after routing; addresses without an
/// <see cref="AccessRule"/> (pages, health) pass untouched.
/// </summary>
public sealed class AccessMiddleware(RequestDelegate next, KeyRing keys, Sessions sessions, ChainOptions options)
{
    /// <summary>Header that a page of another site can't send.</summary>
    public const string CrossSiteHeader = "X-ChainCrm";

    private readonly Caller? _anonymous = options.AnonymousViewer ? Caller.Anonymous(options.DefaultChain) : null;

    /// <summary>Checks one request.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var rule = http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>();
        if (rule is null) return http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) ? UnmatchedAsync(http) : next(http);

        var (caller, rejection) = Identify(http, rule);
        if (caller is not null) http.Features.Set(caller);
        if (rule.IsOpen) return next(http);
        rejection ??= caller is null ? ApiRejections.KeyMissing : rule.Allows(caller.Role) ? null : ApiRejections.RoleNotAllowed;
        return rejection is null ? next(http) : ReplyWriter.WriteAsync(http, rejection);
    }

    private (Caller? Caller, Rejection? Rejection) Identify(HttpContext http, AccessRule rule)
    {
        var header = http.Request.Headers.Authorization;
        if (header.Count == 1 && header[0] is { Length: > 0 } bearer) return keys.ByHeader(bearer);
        if (header.Count > 1) return (null, ApiRejections.KeyInvalid);
        if (http.Request.Headers.Cookie.Count > 0 && http.Request.Cookies[Sessions.Cookie] is { Length: > 0 } token)
        {
            var (caller, rejection) = sessions.ByToken(token);
            if (caller is null) return (_anonymous, _anonymous is null ? rejection : null);
            if (rule.GuardsAgainstCrossSite && !IsRead(http.Request.Method) && http.Request.Headers[CrossSiteHeader] != "1")
                return (null, ApiRejections.CrossSiteWrite);
            return (caller, null);
        }

        return (_anonymous, null);
    }

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>Nothing of the API is at this address, or not with this method: say so in its own words.</summary>
    private async Task UnmatchedAsync(HttpContext http)
    {
        await next(http);
        if (http.Response.HasStarted) return;
        var rejection = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiRejections.NoSuchAddress,
            StatusCodes.Status405MethodNotAllowed => ApiRejections.MethodNotAllowed,
            StatusCodes.Status415UnsupportedMediaType => ApiRejections.ContentType,
            _ => null,
        };
        if (rejection is not null) await ReplyWriter.WriteAsync(http, rejection);
    }
}
