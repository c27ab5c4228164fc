using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>The key that makes a write count once. The caller makes it and keeps it before the first attempt; the server never invents one.</summary>
internal static class IdempotencyKeys
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The key of a request.</summary>
    public static Outcome<string> Of(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values) || values.Count == 0) return ApiRejections.IdempotencyKeyMissing;
        if (values.Count > 1 || values[0] is not { } key) return ApiRejections.IdempotencyKeyInvalid;
        if (key.Length == 0) return ApiRejections.IdempotencyKeyMissing;
        return key.Length <= ApiLimits.IdempotencyKeyMax && InputRules.IsPrintableAscii(key) ? key : ApiRejections.IdempotencyKeyInvalid;
    }
}
