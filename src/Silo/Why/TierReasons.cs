using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Why;

/// <summary>Why a tier was reached, kept, lost, or is at risk (docs/domain/tiers.md).</summary>
internal static class TierReasons
{
    public static WhyReason Of(TierChanged change, Names names)
    {
        var (from, to, spend) = (names.Tier(change.From.Value), names.Tier(change.To.Value), Held(change.QualifyingSpend, change.QualifyingPoints, change.QualifyingVisits, names));
        var window = change.WindowTo.Number == 0 ? default : new Sentence(
            $"{Names.Day(change.WindowFrom)} 至 {Names.Day(change.WindowTo)} ", $" from {Names.Day(change.WindowFrom)} to {Names.Day(change.WindowTo)}");
        var end = End(change.Until, names);
        var (zh, en) = change.Reason switch
        {
            "spend-reached" => ($"{window.Zh}{spend.Zh}，达到{to.Zh}的门槛，由{from.Zh}升为{to.Zh}{end.Zh}。", $"{spend.En}{window.En} reaches {to.En}: up from {from.En}{end.En}."),
            "spend-missed" => (
                $"{from.Zh}到期，{window.Zh}{spend.Zh}，未达到{from.Zh}的保级门槛，调整为{to.Zh}{end.Zh}。",
                $"{from.En} has ended: {spend.En}{window.En} does not reach it again. Now {to.En}{end.En}."),
            _ => (
                $"退货后{window.Zh}{spend.Zh}，不再达到{from.Zh}的门槛，由{from.Zh}调整为{to.Zh}。",
                $"After the return {spend.Remaining}{window.En}, which does not reach {from.En}: now {to.En}."),
        };
        return new WhyReason
        {
            Code = $"tier.{change.Reason}",
            Facts =
            [
                new("from", change.From.Value), new("to", change.To.Value), new("qualifyingSpendMinor", Text(change.QualifyingSpend)),
                .. More(change.QualifyingPoints, change.QualifyingVisits),
                .. change.WindowTo.Number == 0 ? (WhyFact[])[] : [new("windowFrom", Names.Day(change.WindowFrom)), new("windowTo", Names.Day(change.WindowTo))],
            ],
            Zh = zh, En = en,
        };
    }

    public static WhyReason Of(TierProlonged kept, Names names)
    {
        var (tier, spend, end) = (names.Tier(kept.Tier.Value), Held(kept.QualifyingSpend, kept.QualifyingPoints, kept.QualifyingVisits, names), End(kept.Until, names));
        var began = kept.Reason == "term-began";
        return new WhyReason
        {
            Code = $"tier.{kept.Reason}",
            Facts =
            [
                new("tier", kept.Tier.Value), new("qualifyingSpendMinor", Text(kept.QualifyingSpend)), new("windowFrom", Names.Day(kept.WindowFrom)), new("windowTo", Names.Day(kept.WindowTo)),
                .. More(kept.QualifyingPoints, kept.QualifyingVisits),
            ],
            Zh = began
                ? $"现行规则为等级设定了有效期，{tier.Zh}从本次消费起计{end.Zh}。"
                : $"{Names.Day(kept.WindowFrom)} 至 {Names.Day(kept.WindowTo)} {spend.Zh}，{tier.Zh}保级成功{end.Zh}。",
            En = began
                ? $"The rules let tiers end now; the time of {tier.En} begins with this purchase{end.En}."
                : $"{spend.En} from {Names.Day(kept.WindowFrom)} to {Names.Day(kept.WindowTo)} keeps {tier.En}{end.En}.",
        };
    }

    public static WhyReason Of(TierForecast forecast, Names names)
    {
        var (tier, left, missing, day) = (names.Tier(forecast.Tier.Value), names.Tier(forecast.WouldBe.Value), MissingOf(forecast, names), names.DayOf(new Timestamp(forecast.Until.UnixMs - 1)));
        var safe = forecast.WouldBe == forecast.Tier;
        return new WhyReason
        {
            Code = safe ? "tier.forecast-safe" : "tier.forecast-at-risk",
            Facts = [new("tier", forecast.Tier.Value), new("wouldBe", forecast.WouldBe.Value), new("missingMinor", Text(forecast.Missing)), .. Missing(forecast), new("lastDay", day)],
            Zh = safe ? $"{tier.Zh}有效期至 {day}，已满足保级门槛。" : $"{tier.Zh}有效期至 {day}，还差 {missing.Zh} 保级；届时未达到将调整为{left.Zh}。",
            En = safe
                ? $"{tier.En} lasts until {day}; its spend is reached again already."
                : $"{tier.En} lasts until {day}; {missing.En} more would keep it, otherwise it becomes {left.En}.",
        };
    }

    /// <summary>What a window holds, in words: the spend alone where the tiers ask for nothing else.</summary>
    private static (string Zh, string En, string Remaining) Held(Money spend, Points? points, int? visits, Names names)
    {
        var money = names.Money(spend);
        if (points is null && visits is null) return ($"累计消费 {money}", $"{money} spent", $"{money} remain");
        var (earned, came) = (Names.Number(points?.Count ?? 0), Visits(visits ?? 0));
        return ($"累计消费 {money}、获得 {earned} 积分、到店 {Names.Number(visits ?? 0)} 次", $"{money} spent, {earned} points earned and {came}", $"{money}, {earned} points and {came} remain");
    }

    private static string Visits(int visits) => visits == 1 ? "1 visit" : $"{Names.Number(visits)} visits";

    private static Sentence MissingOf(TierForecast forecast, Names names)
    {
        List<Sentence> parts = [];
        if (forecast.Missing != Money.Zero) parts.Add(new(names.Money(forecast.Missing), names.Money(forecast.Missing)));
        if (forecast.MissingPoints != Points.Zero) parts.Add(new($"{Names.Number(forecast.MissingPoints.Count)} 积分", $"{Names.Number(forecast.MissingPoints.Count)} points"));
        if (forecast.MissingVisits != 0) parts.Add(new($"{Names.Number(forecast.MissingVisits)} 次到店", Visits(forecast.MissingVisits)));
        var (zh, en) = forecast.AnyIsEnough ? (" 或 ", " or ") : ("、", " and ");
        return new(string.Join(zh, parts.Select(part => part.Zh)), string.Join(en, parts.Select(part => part.En)));
    }

    private static IEnumerable<WhyFact> More(Points? points, int? visits)
    {
        if (points is { } earned) yield return new("qualifyingPoints", Text(earned.Count));
        if (visits is { } came) yield return new("qualifyingVisits", Text(came));
    }

    private static IEnumerable<WhyFact> Missing(TierForecast forecast)
    {
        if (forecast.MissingPoints != Points.Zero) yield return new("missingPoints", Text(forecast.MissingPoints.Count));
        if (forecast.MissingVisits != 0) yield return new("missingVisits", Text(forecast.MissingVisits));
    }

    private static Sentence End(Timestamp? until, Names names) => until is { } at
        ? new($"，有效期至 {names.DayOf(new Timestamp(at.UnixMs - 1))}", $"; its last day is {names.DayOf(new Timestamp(at.UnixMs - 1))}")
        : default;

    private static string Text(Money amount) => Text(amount.Minor);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
