using System.Collections.Frozen;
using System.Reflection;
using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;

namespace ChainCrm.Silo.Problems;

/// <summary>Every refusal a caller can get, by number; for the OpenAPI document.</summary>
public static class RefusalCatalogue
{
    private static readonly Type[] Lists =
    [
        typeof(CustomerRejections), typeof(StoreRejections), typeof(IdentityRejections), typeof(ProgrammeRejections), typeof(AccessKeyRejections), typeof(CouponCodeRejections),
        typeof(EngineRejections), typeof(ApiRejections),
    ];

    /// <summary>All of them, ascending.</summary>
    public static IReadOnlyList<Rejection> All { get; } =
    [
        .. Lists.SelectMany(list => list.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(Rejection))
            .Select(field => (Rejection)field.GetValue(null)!)
            .OrderBy(rejection => rejection.Code),
    ];

    private static readonly FrozenDictionary<int, Rejection> ByCode = All.ToFrozenDictionary(static rejection => rejection.Code);

    /// <summary>The refusal of a number.</summary>
    public static Rejection Of(int code) => ByCode[code];
}
