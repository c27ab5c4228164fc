using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Silo.Api;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Why;

/// <summary>Why coupons were used, left alone, brought, taken away or came back (docs/domain/coupons.md).</summary>
internal static class CouponReasons
{
    /// <summary>The coupons of a sale.</summary>
    public static void Add(List<WhyReason> reasons, PurchaseRecorded purchase, Programme programme, Names names)
    {
        foreach (var use in purchase.Coupons)
        {
            var (name, by) = (names.Coupon(use.Kind), Bearer(use, purchase, names));
            var give = programme.Coupons.Find(use.Kind) is { } kind ? Give(kind.Give, names) : default;
            reasons.Add(new WhyReason
            {
                Code = "coupon.used", Rule = use.Kind,
                Facts = [new("coupon", Text(use.Number)), new("discountMinor", Text(use.Discount.Minor)), new("bearer", CouponViews.WordOf(use.Bearer))],
                Zh = $"使用优惠券「{name.Zh}」{give.Zh}，减 {names.Money(use.Discount)}，费用由{by.Zh}承担。", En = $"Coupon “{name.En}”{give.En} takes {names.Money(use.Discount)} off; {by.En} bears it.",
            });
        }

        foreach (var skipped in purchase.CouponsSkipped)
        {
            var why = RefusalCatalogue.Of(skipped.Code);
            reasons.Add(new WhyReason
            {
                Code = "coupon.skipped", Facts = [new("coupon", Text(skipped.Number)), new("code", Text(skipped.Code))],
                Zh = $"{skipped.Number} 号券未使用：{why.Chinese}", En = $"Coupon {skipped.Number} was left alone: {why.English}",
            });
        }
    }

    /// <summary>What a return did to coupons.</summary>
    public static void Add(List<WhyReason> reasons, LinesReturned back, Names names)
    {
        foreach (var coupon in back.CouponsBack)
        {
            var name = names.Coupon(coupon.Kind);
            reasons.Add(new WhyReason
            {
                Code = "return.coupon-back", Rule = coupon.Kind, Facts = [new("coupon", Text(coupon.Number))],
                Zh = $"留下的商品不再满足「{name.Zh}」，优惠券退还{Until(coupon.Until, names, "，有效期至 ", "")}。",
                En = $"What is kept no longer meets “{name.En}”: the coupon comes back{Until(coupon.Until, names, "; its last day is ", "")}.",
            });
        }

        if (back.CouponAdjustment.Minor is not 0 and var more)
        {
            var amount = names.Money(new Money(Math.Abs(more)));
            reasons.Add(new WhyReason
            {
                Code = "return.coupon-adjustment", Facts = [new("adjustmentMinor", Text(more))],
                Zh = $"优惠券按留下的商品重新计算，退款比退回商品当时的实付{(more < 0 ? "少" : "多")} {amount}。",
                En = $"Coupons were worked out again for what is kept: {amount} {(more < 0 ? "less" : "more")} is paid back than the goods had cost.",
            });
        }

        foreach (var gone in back.CouponsWithdrawn)
        {
            var name = names.Coupon(gone.Kind);
            reasons.Add(new WhyReason
            {
                Code = "return.coupon-withdrawn", Rule = gone.Kind, Facts = [new("coupon", Text(gone.Number))],
                Zh = $"这笔消费赠送的「{name.Zh}」随退货收回。", En = $"“{name.En}”, which the purchase had brought, goes with what came back.",
            });
        }
    }

    /// <summary>Coupons that came.</summary>
    /// <param name="issued">What came.</param>
    /// <param name="code">Batch and number of the printed code that brought them; null when none did.</param>
    /// <param name="programme">The version that decided it.</param>
    /// <param name="names">Names of things.</param>
    public static IEnumerable<WhyReason> Of(CouponsIssued issued, string? code, Programme programme, Names names)
    {
        foreach (var group in issued.Coupons.GroupBy(static coupon => (coupon.Kind, coupon.Rule, coupon.Until)))
        {
            var (name, count) = (names.Coupon(group.Key.Kind), group.Count());
            var rule = programme.Coupons.Rules.FirstOrDefault(rule => rule.Id == group.Key.Rule);
            var how = code is not null ? new Sentence("凭券码领取", "claimed with a printed code")
                : rule is not null ? new Sentence($"按发券规则「{rule.NameZh}」赠送", $"came by the rule “{rule.NameEn}”")
                : new Sentence($"手工发放（{issued.Reason}）", $"were given by hand ({issued.Reason})");
            var because = code is not null ? new WhyFact("code", code) : issued.Reason is { } said ? new WhyFact("reason", said) : null;
            yield return new WhyReason
            {
                Code = code is null ? "coupons.issued" : "coupons.claimed", Rule = group.Key.Rule,
                Facts = [new("kind", group.Key.Kind), new("coupons", string.Join(',', group.Select(static coupon => coupon.Number))), .. because is null ? (WhyFact[])[] : [because]],
                Zh = $"{how.Zh}「{name.Zh}」{count} 张{Until(group.Key.Until, names, "，有效期至 ", "，长期有效")}。",
                En = $"{count} × “{name.En}” {how.En}{Until(group.Key.Until, names, "; the last day is ", "; without end")}.",
            };
        }
    }

    public static WhyReason Of(CouponRevoked revoked, Names names) => new()
    {
        Code = "coupon.revoked", Rule = revoked.Kind, Facts = [new("coupon", Text(revoked.Number)), new("reason", revoked.Reason)],
        Zh = $"优惠券「{names.Coupon(revoked.Kind).Zh}」已作废：{revoked.Reason}。", En = $"Coupon “{names.Coupon(revoked.Kind).En}” was taken away: {revoked.Reason}.",
    };

    public static WhyReason Of(CouponsExpired expired, Names names)
    {
        var kinds = expired.Coupons.Select(static coupon => coupon.Kind).Distinct().ToList();
        return new WhyReason
        {
            Code = "coupons.expired", Facts = [new("coupons", string.Join(',', expired.Coupons.Select(static coupon => coupon.Number)))],
            Zh = $"{expired.Coupons.Count} 张优惠券已过有效期：{string.Join('、', kinds.Select(kind => names.Coupon(kind).Zh))}。",
            En = $"{expired.Coupons.Count} coupons had reached their end: {string.Join(", ", kinds.Select(kind => names.Coupon(kind).En))}.",
        };
    }

    private static Sentence Give(CouponGive give, Names names) => give.Kind switch
    {
        CouponGiveKind.Amount => new("", ""),
        CouponGiveKind.Percent => new(
            $"（优惠 {give.Value}%{(give.Most == 0 ? "" : $"，最多 {names.Money(new Money(give.Most))}")}）",
            $" ({give.Value}% off{(give.Most == 0 ? "" : $", at most {names.Money(new Money(give.Most))}")})"),
        CouponGiveKind.PerFull => new(
            $"（每满 {names.Money(new Money(give.Each))} 减 {names.Money(new Money(give.Value))}）", $" ({names.Money(new Money(give.Value))} off for every {names.Money(new Money(give.Each))})"),
        CouponGiveKind.Free => new($"（免费 {give.Most} 件）", $" ({give.Most} for nothing)"),
        CouponGiveKind.Second => new($"（第二件优惠 {give.Value}%）", $" (the second one {give.Value}% off)"),
        _ => new($"（以 {names.Money(new Money(give.Value))} 换购 {give.Most} 件）", $" ({give.Most} for {names.Money(new Money(give.Value))} each)"),
    };

    private static Sentence Bearer(in CouponUse use, PurchaseRecorded purchase, Names names) => use.Bearer switch
    {
        CostBearer.Redeemer => new($"用券门店 {names.Store(purchase.Store.Value)} ", $"the store where it was redeemed, {names.Store(purchase.Store.Value)},"),
        CostBearer.Issuer when use.Issuer is { } issuer => new($"发券门店 {names.Store(issuer.Value)} ", $"the store that issued it, {names.Store(issuer.Value)},"),
        CostBearer.Supplier => new("供应商", "the supplier"),
        _ => new("总部", "headquarters"),
    };

    private static string Until(Timestamp? until, Names names, string before, string never) => until is { } at ? before + names.DayOf(new Timestamp(at.UnixMs - 1)) : never;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
