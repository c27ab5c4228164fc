using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Grains.Personal;
using ChainCrm.Silo.Access;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>The member card: what the grain holds, names around it, personal fields opened and masked.</summary>
internal static class MemberCards
{
    /// <summary>What a card needs of the state, copied in the grain's turn.</summary>
    public sealed record CardFacts(
        Timestamp MemberSince, StoreId HomeStore, Sealed Profile, TierId Tier, Money LifetimeSpend, long PurchaseCount, Points Balance,
        Points Spendable, Points Pending, Points Debt, TierMeasures Qualifying, IReadOnlyList<ExpiringPoints> Expiring, Visit[] Visits,
        StoredValue StoredValue, bool IsStoredValueFrozen, (HeldCoupon Coupon, bool InBasket)[] Coupons, long Version, Hold Held, Timestamp? TierUntil,
        TierMeasures Towards, bool ArePointsFrozen, HeldTag[] Tags);

    /// <summary>The facts of a customer, or why there are none.</summary>
    public static async ValueTask<(CardFacts? Facts, Rejection? Rejection)> ReadAsync(ApiServices api, string chain, CustomerId customer)
    {
        var programme = api.Programme(chain);
        var now = api.Now();
        var moment = new Moment(now, BusinessClock.At(programme, now).Day, programme);
        var read = await api.Engine.ReadAsync<CustomerState, Moment, CardFacts?>(
            new GrainId(chain, GrainKinds.Customer, customer.Value), moment, static (state, moment) => Copy(state, moment));
        if (read.Rejection is not null) return (null, read.Rejection);
        return read.Value is { } facts ? (facts, null) : (null, ApiRejections.NoSuchCustomer);
    }

    /// <summary>The card as the caller may see it.</summary>
    public static async ValueTask<(MemberCard? Card, Rejection? Rejection)> ShowAsync(ApiServices api, Caller caller, CustomerId customer)
    {
        var (facts, rejection) = await ReadAsync(api, caller.Chain, customer);
        if (facts is null) return (null, rejection);
        var personal = await api.Vault.OpenAsync(caller.Chain, customer, facts.Profile);
        return (Build(api, caller, customer, facts, personal ?? new PersonalData()), null);
    }

    private static MemberCard Build(ApiServices api, Caller caller, CustomerId customer, CardFacts facts, PersonalData personal)
    {
        var whole = caller.SeesPersonal;
        return new MemberCard
        {
            Id = customer.Value,
            Name = whole ? personal.Name : Masking.Name(personal.Name),
            Phone = whole ? personal.Phone : Masking.Phone(personal.Phone),
            Card = whole ? personal.Card : Masking.Card(personal.Card),
            ExternalId = whole ? personal.ExternalId : Masking.Card(personal.ExternalId),
            Birthday = whole ? personal.Birthday : Masking.Birthday(personal.Birthday),
            Masked = !whole,
            HomeStore = facts.HomeStore.Value,
            HomeStoreName = api.Directories.Store(caller.Chain, facts.HomeStore)?.Name,
            MemberSince = TimeOf(facts.MemberSince),
            Tier = TierOf(api.Programme(caller.Chain), facts),
            Points = new PointsView
            {
                Frozen = facts.ArePointsFrozen ? true : null, Balance = facts.Balance.Count, Spendable = facts.Spendable.Count, Held = facts.Held.Points.Count, Pending = facts.Pending.Count, Debt = facts.Debt.Count, Expiring = facts.Expiring,
            },
            StoredValue = facts.StoredValue == default && !facts.IsStoredValueFrozen ? null : StoredValueEndpoints.ViewOf(facts.StoredValue) with
            {
                Frozen = facts.IsStoredValueFrozen, HeldMinor = facts.Held.StoredValue == Money.Zero ? null : facts.Held.StoredValue.Minor,
            },
            Coupons = [.. facts.Coupons.Select(held => CouponViews.Of(api.Programme(caller.Chain), held.Coupon) with { Held = held.InBasket ? true : null })],
            Tags = TagEndpoints.ViewsOf(api.Programme(caller.Chain), facts.Tags),
            Visits =
            [
                .. facts.Visits.Select(v => new VisitView(
                    v.Store.Value, api.Directories.Store(caller.Chain, v.Store)?.Name, TimeOf(v.OccurredAt), v.Amount.Minor, v.Receipt)),
            ],
            LifetimeSpendMinor = facts.LifetimeSpend.Minor,
            PurchaseCount = facts.PurchaseCount,
            Version = facts.Version,
        };
    }

    private static TierView TierOf(Programme programme, CardFacts facts)
    {
        var tier = programme.TierOf(facts.Tier);
        var next = programme.NextAfter(facts.Tier);
        var (nextIn, keepIn) = (next?.Missing(facts.Qualifying, programme.Qualify) ?? default, tier.Missing(facts.Towards, programme.Qualify));
        var (ends, asks) = (facts.TierUntil is not null, programme.AsksMeasures);
        return new TierView
        {
            Id = tier.Id.Value,
            Name = EntryReplies.NameOf(tier),
            MultiplierPercent = tier.MultiplierPercent,
            QualifyingSpendMinor = facts.Qualifying.Spend.Minor,
            NextId = next?.Id.Value,
            NextName = next is null ? null : EntryReplies.NameOf(next),
            Until = facts.TierUntil is { } until ? TimeOf(until) : null,
            KeepInMinor = ends && !(asks && tier.Spend == Money.Zero) ? keepIn.Spend.Minor : null,
            NextInMinor = next is null || next.Spend == Money.Zero ? null : nextIn.Spend.Minor,
            Qualify = !asks ? null : programme.Qualify == TierQualify.Any ? "any" : "all",
            QualifyingPoints = asks ? facts.Qualifying.Points.Count : null,
            QualifyingVisits = asks ? facts.Qualifying.Visits : null,
            NextInPoints = next is null || next.Points == default ? null : nextIn.Points.Count,
            NextInVisits = next is null || next.Visits == 0 ? null : nextIn.Visits,
            KeepInPoints = ends && tier.Points != default ? keepIn.Points.Count : null,
            KeepInVisits = ends && tier.Visits != 0 ? keepIn.Visits : null,
        };
    }

    private static CardFacts? Copy(CustomerState state, in Moment moment)
    {
        if (!state.IsEnrolled || state.Profile is not { } profile) return null;
        var now = moment.Now;
        return new CardFacts(
            state.MemberSince, state.HomeStore, profile, state.Tier, state.LifetimeSpend, state.PurchaseCount, state.Balance,
            state.ArePointsFrozen ? Points.Zero : state.FreePointsAt(moment.Now), state.PendingAt(moment.Now), state.Debt, state.Qualifying(moment.Today, moment.Programme),
            Expiring(state, moment.Now), [.. state.Visits], state.StoredValue, state.IsStoredValueFrozen, Held(state, moment.Now), state.Version, state.HeldAt(moment.Now),
            state.TierUntil, state.TierUntil is { } until ? state.MeasuresTowards(until, moment.Programme) : default,
            state.ArePointsFrozen, [.. state.Tags.ToArray().Where(tag => !tag.IsOver(now))]);
    }

    /// <summary>Without those that are over and not written off yet: they stand in front.</summary>
    private static (HeldCoupon Coupon, bool InBasket)[] Held(CustomerState state, Timestamp now) =>
        [.. state.Coupons.ToArray().SkipWhile(coupon => coupon.Until <= now).Select(coupon => (coupon, state.IsCouponHeld(coupon.Number, now)))];

    /// <summary>Lots stand in the order of their end, so equal ends are neighbours.</summary>
    private static List<ExpiringPoints> Expiring(CustomerState state, Timestamp now)
    {
        var dates = new List<ExpiringPoints>();
        foreach (var lot in state.Lots)
        {
            if (lot.ExpiresAt is not { } end) break;
            if (end <= now) continue;
            var at = TimeOf(end);
            if (dates.Count > 0 && dates[^1].At == at) dates[^1] = dates[^1] with { Points = checked(dates[^1].Points + lot.Remaining.Count) };
            else if (dates.Count == ApiLimits.ExpiringDatesMax) break;
            else dates.Add(new ExpiringPoints(at, lot.Remaining.Count));
        }

        return dates;
    }

    /// <summary>An instant as the wire writes it.</summary>
    public static DateTimeOffset TimeOf(Timestamp at) => DateTimeOffset.FromUnixTimeMilliseconds(at.UnixMs);

    private readonly record struct Moment(Timestamp Now, BusinessDay Today, Programme Programme);
}
