using ChainCrm.Client.Wire;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Sessions of the dashboard: an access key becomes a cookie that scripts can't read.</summary>
internal static class SessionEndpoints
{
    /// <summary>POST /v1/session.</summary>
    public static async ValueTask<ApiReply> BeginAsync(ApiServices api, HttpContext http)
    {
        var (request, wrong) = await BodyReader.ReadAsync(http, Wire.Json.SessionRequest);
        if (request is null) return wrong!;
        if (request.Key is null) return ApiRejections.MissingField.At("key");
        var (key, rejection) = api.Keys.Verify(request.Key.AsSpan().Trim());
        if (key is null) return rejection!;
        return ApiReply.Ok(View(api, api.Sessions.Begin(http, key)), Wire.Json.SessionReply);
    }

    /// <summary>DELETE /v1/session.</summary>
    public static ValueTask<ApiReply> EndAsync(ApiServices api, HttpContext http)
    {
        api.Sessions.End(http);
        return new ValueTask<ApiReply>(ApiReply.Empty);
    }

    /// <summary>GET /v1/session.</summary>
    public static ValueTask<ApiReply> ShowAsync(ApiServices api, HttpContext http, Caller caller) =>
        new(ApiReply.Ok(View(api, caller), Wire.Json.SessionReply));

    private static SessionReply View(ApiServices api, Caller caller)
    {
        var programme = api.Programme(caller.Chain);
        return new SessionReply
        {
            Role = RoleNames.Of(caller.Role),
            KeyId = caller.Key?.Id,
            Label = caller.Key?.Label,
            Store = caller.Store?.Value,
            Till = caller.Till?.Value,
            SeesPersonal = caller.SeesPersonal,
            Chain = caller.Chain,
            ChainName = programme.ChainName,
            Currency = programme.Currency,
            TimeZone = programme.TimeZone,
            Demo = api.Options.Demo,
            ExpiresAt = caller.SessionEnds,
        };
    }
}
