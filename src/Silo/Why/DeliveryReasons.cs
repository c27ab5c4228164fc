using System.Diagnostics;
using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Why;

/// <summary>Why points went to another customer, came from one, or came back (docs/domain/transfers.md).</summary>
internal static class DeliveryReasons
{
    /// <summary>The reason behind an event of a delivery.</summary>
    public static WhyReason Of(CustomerEvent happened) => happened switch
    {
        DeliverySent e => new WhyReason
        {
            Code = "transfer.sent", Points = e.LotsUsed.Count == 0 ? 0 : -e.Points.Count, Facts = [new("to", e.To.Value), new("reason", e.Reason)],
            Zh = $"转赠 {Number(e.Points)} 分给会员 {e.To.Value}：{e.Reason}。先转最早到期的积分，有效期随积分转移，不会延长。",
            En = $"{Number(e.Points)} points were given to member {e.To.Value}: {e.Reason}. Those that end soonest go first, and keep their ends.",
        },
        DeliveryReceived e => new WhyReason
        {
            Code = "transfer.received", Points = e.Points.Count, Facts = [new("from", e.From.Value), new("reason", e.Reason), new("debtPaid", e.DebtPaid.Count.ToString(CultureInfo.InvariantCulture))],
            Zh = $"收到会员 {e.From.Value} 转赠的 {Number(e.Points)} 分：{e.Reason}。" + (e.DebtPaid > Points.Zero ? $"其中 {Number(e.DebtPaid)} 分先抵还欠分。" : "") + "积分保留原有效期，不计入等级。",
            En = $"Member {e.From.Value} gave {Number(e.Points)} points: {e.Reason}. " + (e.DebtPaid > Points.Zero ? $"{Number(e.DebtPaid)} of them pay debt first. " : "") + "They keep their ends and count for no tier.",
        },
        DeliveryArrived e => new WhyReason
        {
            Code = "transfer.arrived", Facts = [new("to", e.To.Value)],
            Zh = $"转赠给会员 {e.To.Value} 的 {Number(e.Points)} 分已到账。", En = $"The {Number(e.Points)} points given to member {e.To.Value} have arrived.",
        },
        DeliveryGivenBack e => new WhyReason
        {
            Code = "transfer.given-back", Points = e.Points.Count, Facts = [new("to", e.To.Value), new("refusal", e.Refusal.ToString(CultureInfo.InvariantCulture))],
            Zh = $"会员 {e.To.Value} 无法接收转赠（{e.Refusal}），{Number(e.Points)} 分已退回，保留原有效期。",
            En = $"Member {e.To.Value} could not take what was given ({e.Refusal}): {Number(e.Points)} points are back, with the ends they had.",
        },
        _ => throw new UnreachableException($"No reason for {happened.GetType().Name}."),
    };

    private static string Number(Points points) => Names.Number(points.Count);
}
