using System.Globalization;
using ChainCrm.Domain;
using ChainCrm.Domain.Stores;
using ChainCrm.Silo.Problems;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>Values in the address of a request.</summary>
internal static class Routes
{
    /// <summary>The customer in the path.</summary>
    public static Outcome<CustomerId> Customer(HttpContext http)
    {
        var id = Id(http);
        return InputRules.Id(id, "id") is null ? new CustomerId(id!) : ApiRejections.NoSuchCustomer.At("id");
    }

    /// <summary>The store in the path; whether it exists is asked elsewhere.</summary>
    public static Outcome<StoreId> Store(HttpContext http)
    {
        var id = Id(http);
        return InputRules.Id(id, "id", ApiLimits.StoreIdMax) is null ? new StoreId(id!) : StoreRejections.Unknown.At("id");
    }

    /// <summary>The id in the path.</summary>
    public static string? Id(HttpContext http) => http.Request.RouteValues["id"] as string;

    /// <summary>The version in the path: 1 or more.</summary>
    public static Outcome<long> Version(HttpContext http) =>
        long.TryParse(http.Request.RouteValues["version"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version is > 0 and < long.MaxValue
            ? version
            : ApiRejections.QueryInvalid.At("version");

    /// <summary>A number of the query within its bounds; <paramref name="otherwise"/> when it is left out.</summary>
    public static Outcome<long> Number(HttpContext http, string name, long otherwise, long min, long max)
    {
        var values = http.Request.Query[name];
        if (values.Count == 0) return otherwise;
        return values.Count == 1 && long.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : ApiRejections.QueryInvalid.At(name);
    }

    /// <summary>A date of the query, yyyy-MM-dd.</summary>
    public static Outcome<DateOnly> Date(HttpContext http, string name, DateOnly otherwise)
    {
        var values = http.Request.Query[name];
        if (values.Count == 0) return otherwise;
        return values.Count == 1 && DateOnly.TryParseExact(values[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : ApiRejections.QueryInvalid.At(name);
    }
}
