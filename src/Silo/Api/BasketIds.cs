using System.Globalization;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using Microsoft.AspNetCore.Http;

namespace ChainCrm.Silo.Api;

/// <summary>
/// A basket's id on the wire: the customer's id, a dot, the basket's number. So its grain is found without an index, and nothing that a caller makes up
/// leads to another customer's basket by mistake.
/// </summary>
internal static class BasketIds
{
    /// <summary>The id of a basket.</summary>
    public static string Of(string customer, long number) => string.Create(CultureInfo.InvariantCulture, $"{customer}.{number}");

    /// <summary>Whose basket an id names, and its number; or that there can be none of this id.</summary>
    public static Outcome<BasketId> Parse(string? id, string field)
    {
        var dot = id?.LastIndexOf('.') ?? -1;
        if (dot <= 0 || !long.TryParse(id.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return CustomerRejections.BasketNotOpen.At(field);
        var customer = new CustomerId(id![..dot]);
        // Only as it was given out: 007 is not 7.
        return IdRules.IsValid(customer) && string.Equals(id, Of(customer.Value, number), StringComparison.Ordinal)
            ? new BasketId(customer, number)
            : CustomerRejections.BasketNotOpen.At(field);
    }

    /// <summary>The basket in the path.</summary>
    public static Outcome<BasketId> InPath(HttpContext http) => Parse(Routes.Id(http), "id");
}

/// <summary>A basket of a customer. A class, so that the outcome of a sale without one is no larger.</summary>
internal sealed record BasketId(CustomerId Customer, long Number);
