using System.Diagnostics;
using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains;
using ChainCrm.Silo.Api;

namespace ChainCrm.Silo.Why;

/// <summary>The reasons behind the events of an entry (docs/domain/why.md).</summary>
internal static class EntryReasons
{
    /// <summary>Every reason, in the order of the events; and whether a purchase's points, worked out again, are what was booked.</summary>
    public static (IReadOnlyList<WhyReason> Reasons, bool? Agrees) Of(ApiServices api, string chain, CommittedEntry entry, Programme programme)
    {
        var names = new Names(api, chain, programme);
        var reasons = new List<WhyReason>();
        bool? agrees = null;
        foreach (var happened in entry.Events)
        {
            switch (happened)
            {
                case PurchaseRecorded purchase:
                    agrees = PurchaseReasons.Add(reasons, purchase, programme, names);
                    break;
                case LinesReturned back:
                    ReturnReasons.Add(reasons, back, names);
                    break;
                case CouponsIssued issued:
                    reasons.AddRange(CouponReasons.Of(issued, CouponCodes.KeyOf(entry.CommandId), programme, names));
                    break;
                case CustomerEvent other:
                    reasons.Add(Of(other, names));
                    break;
            }
        }

        return (reasons, agrees);
    }

    private static WhyReason Of(CustomerEvent happened, Names names) => happened switch
    {
        CustomerEnrolled e => new WhyReason
        {
            Code = "enrolled", Facts = [new("homeStore", e.HomeStore.Value)],
            Zh = $"在 {names.Store(e.HomeStore.Value)} 入会，等级为{names.Tier(e.Tier.Value).Zh}。", En = $"Enrolled at {names.Store(e.HomeStore.Value)} as {names.Tier(e.Tier.Value).En}.",
        },
        ProfileChanged => new WhyReason { Code = "profile-changed", Zh = "会员资料已修改，积分与等级不变。", En = "The profile was changed; points and tier stay." },
        PointsRedeemed e => new WhyReason
        {
            Code = "points.redeemed", Points = -e.Points.Count, Facts = [new("reason", e.Reason)],
            Zh = $"兑换用去 {Number(e.Points)} 分：{e.Reason}。先用最早到期的积分。", En = $"{Number(e.Points)} points were spent: {e.Reason}. Those that end soonest go first.",
        },
        PointsAdjusted e => new WhyReason
        {
            Code = "points.adjusted", Points = e.Points.Count, Facts = [new("reason", e.Reason)],
            Zh = $"人工{(e.Points > Points.Zero ? "增加" : "扣减")} {Number(new Points(Math.Abs(e.Points.Count)))} 分：{e.Reason}。",
            En = $"{Number(new Points(Math.Abs(e.Points.Count)))} points were {(e.Points > Points.Zero ? "given" : "taken")} by hand: {e.Reason}.",
        },
        PointsExpired e => new WhyReason
        {
            Code = "points.expired", Points = -e.Points.Count, Facts = [new("lots", e.Lots.Count.ToString(CultureInfo.InvariantCulture))],
            Zh = $"{Number(e.Points)} 分已过有效期。", En = $"{Number(e.Points)} points had reached their end.",
        },
        PointsExtended e => new WhyReason
        {
            Code = "points.extended", Facts = [new("points", e.Points.Count.ToString(CultureInfo.InvariantCulture)), new("lastDay", LastDay(e.Until, names)), new("reason", e.Reason)],
            Zh = $"{Number(e.Points)} 分的有效期延长至 {LastDay(e.Until, names)}：{e.Reason}。" + (e.EndingBy is { } by ? $"仅限原有效期不晚于 {LastDay(by, names)} 的积分。" : ""),
            En = $"{Number(e.Points)} points end later: their last day is {LastDay(e.Until, names)}. Reason: {e.Reason}." + (e.EndingBy is { } end ? $" Only those whose last day was {LastDay(end, names)} or before." : ""),
        },
        PointsFrozen e => new WhyReason
        {
            Code = "points.frozen", Facts = [new("reason", e.Reason)], Zh = $"积分已冻结：{e.Reason}。冻结期间不能使用，获得、退回与到期照常。",
            En = $"Points were frozen: {e.Reason}. None is spent meanwhile; they are earned, come back and end as ever.",
        },
        PointsReleased e => new WhyReason { Code = "points.released", Facts = [new("reason", e.Reason)], Zh = $"积分已解冻：{e.Reason}。", En = $"Points were released: {e.Reason}." },
        TagAdded e => new WhyReason
        {
            Code = "tag.added", Facts = e.Until is { } end ? [new("tag", e.Tag), new("lastDay", LastDay(end, names))] : [new("tag", e.Tag)],
            Zh = $"打上标签“{names.Tag(e.Tag).Zh}”{(e.Until is { } zh ? $"，至 {LastDay(zh, names)} 有效" : "，长期有效")}。",
            En = $"The tag {names.Tag(e.Tag).En} was put on{(e.Until is { } en ? $"; its last day is {LastDay(en, names)}" : ", for good")}.",
        },
        TagRemoved e => new WhyReason
        {
            Code = "tag.removed", Facts = [new("tag", e.Tag)], Zh = $"移除标签“{names.Tag(e.Tag).Zh}”，此后的消费不再按它计算。",
            En = $"The tag {names.Tag(e.Tag).En} was taken off; purchases after that do not count it.",
        },
        StoredValueToppedUp e => new WhyReason
        {
            Code = "stored-value.topped-up", Facts = [new("amountMinor", Text(e.Amount)), new("giftMinor", Text(e.Gift))],
            Zh = $"充值 {names.Money(e.Amount)}" + (e.Gift > Money.Zero ? $"，达到充值档位，赠送 {names.Money(e.Gift)}；本金与赠金分开记账。" : "，未达到赠送档位。"),
            En = $"{names.Money(e.Amount)} were paid in" + (e.Gift > Money.Zero ? $" and reach a step of the programme: a gift of {names.Money(e.Gift)}, kept apart." : "; no step with a gift is reached."),
        },
        StoredValueRefunded e => new WhyReason
        {
            Code = "stored-value.refunded", Facts = [new("amountMinor", Text(e.Amount)), new("giftWithdrawnMinor", Text(e.GiftWithdrawn)), new("reason", e.Reason)],
            Zh = $"退还本金 {names.Money(e.Amount)}，按比例收回赠金 {names.Money(e.GiftWithdrawn)}：{e.Reason}。",
            En = $"{names.Money(e.Amount)} of principal were paid out and {names.Money(e.GiftWithdrawn)} of the gift withdrawn in proportion: {e.Reason}.",
        },
        StoredValueFrozen e => new WhyReason { Code = "stored-value.frozen", Facts = [new("reason", e.Reason)], Zh = $"储值账户已冻结：{e.Reason}。", En = $"Stored value was frozen: {e.Reason}." },
        StoredValueReleased e => new WhyReason { Code = "stored-value.released", Facts = [new("reason", e.Reason)], Zh = $"储值账户已解冻：{e.Reason}。", En = $"Stored value was released: {e.Reason}." },
        CouponRevoked e => CouponReasons.Of(e, names),
        CouponsExpired e => CouponReasons.Of(e, names),
        TierChanged e => TierReasons.Of(e, names),
        TierProlonged e => TierReasons.Of(e, names),
        TierForecast e => TierReasons.Of(e, names),
        LotsMerged => new WhyReason { Code = "lots-merged", Zh = "整理了零散的积分批次，余额与最晚到期日不变。", En = "Small lots of points became one; the balance and the latest end stay." },
        BasketOpened or BasketChanged or BasketCancelled or BasketCommitted or BasketsExpired => BasketReasons.Of(happened, names),
        DeliverySent or DeliveryReceived or DeliveryArrived or DeliveryGivenBack => DeliveryReasons.Of(happened),
        _ => throw new UnreachableException($"No reason for {happened.GetType().Name}."),
    };

    private static string LastDay(Timestamp end, Names names) => names.DayOf(new Timestamp(end.UnixMs - 1));

    private static string Number(Points points) => Names.Number(points.Count);

    private static string Text(Money amount) => amount.Minor.ToString(CultureInfo.InvariantCulture);
}
