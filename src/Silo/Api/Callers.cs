using ChainCrm.Domain;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains;
using ChainCrm.Grains.Directories;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>For which store and by whom a request is made.</summary>
internal static class Callers
{
    /// <summary>The store of a request: a till's own, or the one that headquarters names.</summary>
    public static Outcome<StoreFacts> StoreOf(ApiServices api, Caller caller, string? named, string field = "store")
    {
        if (caller.Store is { } own)
        {
            if (named is not null && !string.Equals(named, own.Value, StringComparison.Ordinal)) return ApiRejections.OtherStore.At(field);
            return api.Directories.Store(caller.Chain, own) is { } mine ? mine : StoreRejections.Unknown.At(field);
        }

        if (InputRules.Id(named, field, ApiLimits.StoreIdMax) is { } wrong) return wrong;
        return api.Directories.Store(caller.Chain, new StoreId(named!)) is { } store ? store : StoreRejections.Unknown.At(field);
    }

    /// <summary>The same where headquarters may leave the store out.</summary>
    public static Outcome<StoreFacts?> OptionalStoreOf(ApiServices api, Caller caller, string? named, string field = "store")
    {
        if (caller.Store is null && named is null) return new Outcome<StoreFacts?>(null, null);
        var (store, rejection) = StoreOf(api, caller, named, field);
        return new Outcome<StoreFacts?>(store, rejection);
    }

    /// <summary>Whether a store takes a sale of that time. The directory says it of open stores; a closed one is asked when it closed.</summary>
    public static async ValueTask<Rejection?> TakesSaleAsync(ApiServices api, string chain, StoreFacts store, Timestamp occurredAt)
    {
        if (store.IsOpen) return null;
        var read = await api.Engine.ReadAsync<StoreState, Timestamp, SaleVerdict>(
            new GrainId(chain, GrainKinds.Store, store.Id.Value), occurredAt, static (state, at) => new SaleVerdict(StoreDecider.TakesSale(state, at)));
        return read.Rejection ?? read.Value!.Against?.At("store");
    }

    /// <summary>Where and by whom, for the command.</summary>
    public static Outcome<Origin> OriginOf(Caller caller, StoreId? store, string? staff)
    {
        if (InputRules.OptionalText(staff, "staff", Limits.IdLengthMax) is { } wrong) return wrong;
        return new Origin(store, staff is null ? null : new StaffId(staff), caller.Till);
    }

    /// <summary>The command id of a write that is no purchase: within a till's store, or within headquarters.</summary>
    public static string CommandId(Caller caller, string idempotencyKey) => string.Concat(caller.Store?.Value ?? Headquarters, "/", idempotencyKey);

    /// <summary>The place of headquarters in command ids; no store may have this id.</summary>
    public const string Headquarters = "hq";

    /// <summary>The place of printed codes in command ids; no store may have this id.</summary>
    public const string CouponCodes = "coupon-code";

    /// <summary>
    /// Whether a store may not have this id: command ids begin with it, and so do those of headquarters, of the agenda and of the processes,
    /// whose commands are known again without a fingerprint.
    /// </summary>
    public static bool IsReserved(string storeId) => storeId is Headquarters or CouponCodes or "wake" or "enrol" or "profile" or "delivery";

    private sealed record SaleVerdict(Rejection? Against);
}
