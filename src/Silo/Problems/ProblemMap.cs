using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Problems;

/// <summary>What a refusal is over HTTP.</summary>
public static class ProblemMap
{
    /// <summary>The HTTP status of a refusal. Business refusals are 422 unless something is unknown (404) or stands against it (409).</summary>
    public static int StatusOf(Rejection rejection) => rejection.Code switch
    {
        900 => StatusCodes.Status429TooManyRequests,
        902 => StatusCodes.Status409Conflict,
        904 => StatusCodes.Status507InsufficientStorage,
        >= 900 and < 1000 => StatusCodes.Status503ServiceUnavailable,
        1002 => StatusCodes.Status415UnsupportedMediaType,
        1003 => StatusCodes.Status413PayloadTooLarge,
        1004 or >= 1040 and <= 1043 or 1049 or 1054 or 1061 => StatusCodes.Status404NotFound,
        1005 => StatusCodes.Status405MethodNotAllowed,
        >= 1030 and <= 1033 => StatusCodes.Status401Unauthorized,
        (>= 1034 and <= 1036) or 1038 or 1050 => StatusCodes.Status403Forbidden,
        1037 or 1052 or 1053 => StatusCodes.Status409Conflict,
        (>= 1044 and <= 1048) or 1051 or 1055 or 1056 or 1060 or 1062 or 1063 => StatusCodes.Status422UnprocessableEntity,
        1099 => StatusCodes.Status500InternalServerError,
        >= 1000 => StatusCodes.Status400BadRequest,
        _ => DomainStatus(rejection),
    };

    /// <summary>Seconds after which the caller should try again; null when a retry is of no use.</summary>
    public static int? RetryAfterOf(Rejection rejection) => rejection.Code switch
    {
        304 => ApiLimits.RetryAfterSeconds,
        904 => ApiLimits.RetryAfterDiskFullSeconds,
        >= 900 and < 1000 when rejection.MayPassLater => ApiLimits.RetryAfterSeconds,
        _ => null,
    };

    /// <summary>The wire form.</summary>
    public static Problem ToProblem(Rejection rejection, IReadOnlyList<Rejection>? errors = null) => new()
    {
        Type = $"urn:chaincrm:refusal:{rejection.Code}",
        Status = StatusOf(rejection),
        Title = rejection.English,
        TitleZh = rejection.Chinese,
        Code = rejection.Code,
        Name = rejection.Name,
        Field = rejection.Field,
        MayPassLater = rejection.MayPassLater,
        Errors = errors?.Take(ApiLimits.ProblemErrorsMax).Select(e => ToProblem(e)).ToArray(),
    };

    /// <summary>A request that was understood and not accepted is 422, but for what does not exist and what stands against it.</summary>
    private static int DomainStatus(Rejection rejection) => rejection.Code switch
    {
        130 or 211 or 510 => StatusCodes.Status404NotFound,
        131 or 171 or 212 or 303 or 304 or 421 or 509 => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
