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
        var (from, to, spend) = (names.Tier(change.From.Value), names.Tier(change.To.Value), names.Money(change.QualifyingSpend));
        var window = change.WindowTo.Number == 0 ? default : new Sentence(
            $"{Names.Day(change.WindowFrom)} 至 {Names.Day(change.WindowTo)} ", $" from {Names.Day(change.WindowFrom)} to {Names.Day(change.WindowTo)}");
        var end = End(change.Until, names);
        var (zh, en) = change.Reason switch
        {
            "spend-reached" => ($"{window.Zh}累计消费 {spend}，达到{to.Zh}的门槛，由{from.Zh}升为{to.Zh}{end.Zh}。", $"{spend} spent{window.En} reaches {to.En}: up from {from.En}{end.En}."),
            "spend-missed" => (
                $"{from.Zh}到期，{window.Zh}累计消费 {spend}，未达到{from.Zh}的保级门槛，调整为{to.Zh}{end.Zh}。",
                $"{from.En} has ended: {spend} spent{window.En} does not reach it again. Now {to.En}{end.En}."),
            _ => (
                $"退货后{window.Zh}累计消费 {spend}，不再达到{from.Zh}的门槛，由{from.Zh}调整为{to.Zh}。",
                $"After the return {spend} remain{window.En}, which does not reach {from.En}: now {to.En}."),
        };
        return new WhyReason
        {
            Code = $"tier.{change.Reason}",
            Facts =
            [
                new("from", change.From.Value), new("to", change.To.Value), new("qualifyingSpendMinor", Text(change.QualifyingSpend)),
                .. change.WindowTo.Number == 0 ? (WhyFact[])[] : [new("windowFrom", Names.Day(change.WindowFrom)), new("windowTo", Names.Day(change.WindowTo))],
            ],
            Zh = zh, En = en,
        };
    }

    public static WhyReason Of(TierProlonged kept, Names names)
    {
        var (tier, spend, end) = (names.Tier(kept.Tier.Value), names.Money(kept.QualifyingSpend), End(kept.Until, names));
        var began = kept.Reason == "term-began";
        return new WhyReason
        {
            Code = $"tier.{kept.Reason}",
            Facts =
            [
                new("tier", kept.Tier.Value), new("qualifyingSpendMinor", Text(kept.QualifyingSpend)), new("windowFrom", Names.Day(kept.WindowFrom)), new("windowTo", Names.Day(kept.WindowTo)),
            ],
            Zh = began
                ? $"现行规则为等级设定了有效期，{tier.Zh}从本次消费起计{end.Zh}。"
                : $"{Names.Day(kept.WindowFrom)} 至 {Names.Day(kept.WindowTo)} 累计消费 {spend}，{tier.Zh}保级成功{end.Zh}。",
            En = began
                ? $"The rules let tiers end now; the time of {tier.En} begins with this purchase{end.En}."
                : $"{spend} spent from {Names.Day(kept.WindowFrom)} to {Names.Day(kept.WindowTo)} keeps {tier.En}{end.En}.",
        };
    }

    public static WhyReason Of(TierForecast forecast, Names names)
    {
        var (tier, left, missing, day) = (names.Tier(forecast.Tier.Value), names.Tier(forecast.WouldBe.Value), names.Money(forecast.Missing), names.DayOf(new Timestamp(forecast.Until.UnixMs - 1)));
        var safe = forecast.Missing == Money.Zero;
        return new WhyReason
        {
            Code = safe ? "tier.forecast-safe" : "tier.forecast-at-risk",
            Facts = [new("tier", forecast.Tier.Value), new("wouldBe", forecast.WouldBe.Value), new("missingMinor", Text(forecast.Missing)), new("lastDay", day)],
            Zh = safe ? $"{tier.Zh}有效期至 {day}，已满足保级门槛。" : $"{tier.Zh}有效期至 {day}，还差 {missing} 保级；届时未达到将调整为{left.Zh}。",
            En = safe
                ? $"{tier.En} lasts until {day}; its spend is reached again already."
                : $"{tier.En} lasts until {day}; {missing} more would keep it, otherwise it becomes {left.En}.",
        };
    }

    private static Sentence End(Timestamp? until, Names names) => until is { } at
        ? new($"，有效期至 {names.DayOf(new Timestamp(at.UnixMs - 1))}", $"; its last day is {names.DayOf(new Timestamp(at.UnixMs - 1))}")
        : default;

    private static string Text(Money amount) => amount.Minor.ToString(CultureInfo.InvariantCulture);
}
