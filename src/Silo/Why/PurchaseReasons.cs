using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Silo.Why;

/// <summary>Why a purchase earned what it earned.</summary>
internal static class PurchaseReasons
{
    private const decimal PointsScale = 10_000m;

    /// <summary>Adds the reasons; true when the points, worked out again from the entry, are those that were booked.</summary>
    public static bool Add(List<WhyReason> reasons, PurchaseRecorded purchase, Programme programme, Names names)
    {
        var (report, agrees) = EarningReport.Again(purchase, programme);
        PriceReasons.Add(reasons, purchase, names);
        CouponReasons.Add(reasons, purchase, programme, names);
        reasons.Add(Base(purchase, report, programme, names));
        var sentences = new RuleSentences(names);
        foreach (var outcome in report.Rules)
        {
            var sentence = sentences.Of(outcome);
            reasons.Add(new WhyReason
            {
                Code = $"rule.{RuleSentences.CodeOf(outcome.Verdict)}", Rule = outcome.Rule.Id, Points = outcome.Points.Count,
                Facts =
                [
                    new("matchingMinor", Text(outcome.Matching.Minor)),
                    new("lines", string.Join(',', outcome.Lines.Select(place => purchase.Lines[place].Line))),
                    .. outcome.Withheld > Points.Zero ? (WhyFact[])[new("withheld", Text(outcome.Withheld.Count))] : [],
                    .. outcome.Room is { } room ? (WhyFact[])[new("room", Text(room.Count))] : [],
                ],
                Zh = sentence.Zh, En = sentence.En,
            });
        }

        AddBonus(reasons, purchase, programme);
        AddSpent(reasons, purchase, names);
        AddLife(reasons, purchase, names);
        return agrees;
    }

    private static WhyReason Base(PurchaseRecorded purchase, EarningReport report, Programme programme, Names names)
    {
        var gift = programme.StoredValue.GiftEarns ? Money.Zero : purchase.StoredValueUsed.Gift;
        var net = purchase.Amount - purchase.PointsValue - gift;
        var tier = purchase.Rules.FirstOrDefault(static rule => rule.StartsWith("tier.", StringComparison.Ordinal))?["tier.".Length..];
        var rate = Names.Decimal(programme.PointsPerUnitE4 / PointsScale);
        var multiplier = tier is null ? 100 : programme.TierOf(new TierId(tier)).MultiplierPercent;
        var by = tier is null ? default : new Sentence($" × {names.Tier(tier).Zh} {multiplier}%", $" × {multiplier}% as {names.Tier(tier).En}");
        return new WhyReason
        {
            Code = "points.base", Points = report.Base.Count,
            Facts = [new("netMinor", Text(net.Minor)), new("pointsPerUnit", rate), new("multiplierPercent", Text(multiplier)), .. tier is null ? (WhyFact[])[] : [new("tier", tier)]],
            Zh = $"基础积分：实付 {names.Money(net)} × 每元 {rate} 分{by.Zh}，舍去小数，得 {Names.Number(report.Base.Count)} 分。",
            En = $"Base: {names.Money(net)} paid × {rate} points a unit{by.En}, rounded down: {Names.Number(report.Base.Count)} points.",
        };
    }

    private static void AddBonus(List<WhyReason> reasons, PurchaseRecorded purchase, Programme programme)
    {
        if (purchase.Rules.FirstOrDefault(static rule => rule.StartsWith("cross-store.", StringComparison.Ordinal)) is not { } rule) return;
        var points = Names.Number(purchase.PointsBonus.Count);
        var percent = programme.CrossStoreBonusPercent;
        var (zh, en) = rule switch
        {
            "cross-store.bonus" => ($"在归属门店以外购买，另得基础积分的 {percent}%：{points} 分。", $"Bought away from the home store: {percent}% of the base more, {points} points."),
            "cross-store.bonus-capped" => (
                $"在归属门店以外购买，另得基础积分的 {percent}%，每单最多 {points} 分。", $"Bought away from the home store: {percent}% of the base more, at most {points} points a purchase."),
            _ => (
                $"在归属门店以外购买，但距上次奖励不足 {programme.CrossStoreCoolDownDays} 天，本次不另给。",
                $"Bought away from the home store, but less than {programme.CrossStoreCoolDownDays} days after the last bonus: nothing more."),
        };
        reasons.Add(new WhyReason { Code = rule, Points = purchase.PointsBonus.Count, Facts = [new("bonusPercent", Text(percent))], Zh = zh, En = en });
    }

    private static void AddSpent(List<WhyReason> reasons, PurchaseRecorded purchase, Names names)
    {
        if (purchase.PointsUsed > Points.Zero)
        {
            reasons.Add(new WhyReason
            {
                Code = "points.used", Points = -purchase.PointsUsed.Count, Facts = [new("valueMinor", Text(purchase.PointsValue.Minor))],
                Zh = $"用 {Names.Number(purchase.PointsUsed.Count)} 分抵 {names.Money(purchase.PointsValue)}；抵扣部分不再得分。",
                En = $"{Names.Number(purchase.PointsUsed.Count)} points paid for {names.Money(purchase.PointsValue)}; what points pay for earns none.",
            });
        }

        if (purchase.StoredValueUsed is var used && used != default)
        {
            reasons.Add(new WhyReason
            {
                Code = "stored-value.used", Facts = [new("principalMinor", Text(used.Principal.Minor)), new("giftMinor", Text(used.Gift.Minor))],
                Zh = $"储值支付 {names.Money(used.Sum())}，其中本金 {names.Money(used.Principal)}、赠金 {names.Money(used.Gift)}。",
                En = $"{names.Money(used.Sum())} were paid from stored value: {names.Money(used.Principal)} principal and {names.Money(used.Gift)} gift.",
            });
        }

        if (purchase.DebtPaid > Points.Zero)
        {
            reasons.Add(new WhyReason
            {
                Code = "points.debt-paid", Facts = [new("points", Text(purchase.DebtPaid.Count))],
                Zh = $"其中 {Names.Number(purchase.DebtPaid.Count)} 分先用于偿还积分欠款。", En = $"{Names.Number(purchase.DebtPaid.Count)} of them pay off points that were owed.",
            });
        }
    }

    private static void AddLife(List<WhyReason> reasons, PurchaseRecorded purchase, Names names)
    {
        if (purchase.PointsEarned == Points.Zero) return;
        var pending = purchase.ActiveFrom > purchase.OccurredAt;
        var end = purchase.ExpiresAt is { } at ? names.DayOf(new Timestamp(at.UnixMs - 1)) : null;
        var moves = purchase.ByInactivity;
        reasons.Add(new WhyReason
        {
            Code = "points.life",
            Facts = [new("activeFrom", names.DayOf(purchase.ActiveFrom)), .. end is null ? (WhyFact[])[] : [new("lastDay", end)], .. moves ? (WhyFact[])[new("byInactivity", "true")] : []],
            Zh = (pending ? $"这些积分 {names.DayOf(purchase.ActiveFrom)} 起可用" : "这些积分立即可用") + (end is null ? "，永不过期。" : $"，有效期至 {end}{(moves ? "；到期前再次消费，全部此类积分一同顺延" : "")}。"),
            En = (pending ? $"These points can be spent from {names.DayOf(purchase.ActiveFrom)}" : "These points can be spent at once") + (end is null ? " and never end." : $"; their last day is {end}{(moves ? ", and each purchase until then moves it on for all points of the kind" : "")}."),
        });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
