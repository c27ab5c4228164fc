using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Domain.Customers;

/// <summary>Who a customer is: enrolment and profile (docs/domain/customers.md).</summary>
internal static class Enrolment
{
    public static Decision<CustomerEvent> Decide(CustomerState state, Enrol enrol, Programme programme)
    {
        if (!IdRules.IsValid(enrol.HomeStore)) return CustomerRejections.HomeStoreInvalid.At("homeStore");
        if (!IsProfile(enrol.Profile)) return CustomerRejections.ProfileInvalid;
        if (!AreIdentities(enrol.Identities)) return CustomerRejections.IdentitiesInvalid;
        if (state.IsEnrolled)
        {
            return IsAs(state, enrol.HomeStore, enrol.Profile, enrol.Identities)
                ? Decision<CustomerEvent>.AlreadyDone
                : CustomerRejections.AlreadyEnrolled;
        }

        if (Math.Abs((long)enrol.UtcOffsetMinutes) > Limits.UtcOffsetMinutesMax) return CustomerRejections.OffsetInvalid;
        if (enrol.ReferredBy is { } referrer && !IdRules.IsValid(referrer)) return CustomerRejections.ReferralCodeUnknown.At("referralCode");
        if (enrol.ReferredBy is not null && programme.Referral is null) return CustomerRejections.ReferralNotOffered.At("referralCode");
        var events = default(EventList);
        events.Add(new CustomerEnrolled
        {
            At = enrol.At,
            Origin = enrol.Origin,
            HomeStore = enrol.HomeStore,
            Profile = enrol.Profile,
            Identities = [.. enrol.Identities],
            Tier = programme.Tiers[0].Id,
            ReferredBy = enrol.ReferredBy,
        });
        events.Add(new CouponIssuing(state, enrol, programme, enrol.UtcOffsetMinutes).ForEnrolment());
        return events.ToDecision();
    }

    public static Decision<CustomerEvent> Decide(CustomerState state, ChangeProfile change)
    {
        if (change.HomeStore is { } home && !IdRules.IsValid(home)) return CustomerRejections.HomeStoreInvalid.At("homeStore");
        if (!IsProfile(change.Profile)) return CustomerRejections.ProfileInvalid;
        if (!AreIdentities(change.Identities)) return CustomerRejections.IdentitiesInvalid;
        if (!state.IsEnrolled) return CustomerRejections.NotEnrolled;
        var homeStore = change.HomeStore ?? state.HomeStore;
        if (IsAs(state, homeStore, change.Profile, change.Identities)) return Decision<CustomerEvent>.AlreadyDone;

        return new ProfileChanged
        {
            At = change.At,
            Origin = change.Origin,
            HomeStore = homeStore,
            Profile = change.Profile,
            Identities = [.. change.Identities],
            Released = [.. state.Identities.Except(change.Identities)],
        };
    }

    private static bool IsProfile(Sealed? profile) => profile?.Bytes is { Length: > 0 and <= Limits.SealedBytesMax };

    private static bool AreIdentities(IReadOnlyList<IdentityRef>? identities)
    {
        if (identities is null || identities.Count > Limits.IdentitiesMax) return false;
        for (var i = 0; i < identities.Count; i++)
        {
            if (!Enum.IsDefined(identities[i].Kind) || !IdRules.IsReceipt(identities[i].Index)) return false;
            for (var j = 0; j < i; j++)
            {
                if (identities[i] == identities[j]) return false;
            }
        }

        return true;
    }

    private static bool IsAs(CustomerState state, StoreId homeStore, Sealed profile, IReadOnlyList<IdentityRef> identities) =>
        state.HomeStore == homeStore && state.HasProfile(profile) && state.Identities.SequenceEqual(identities);
}
