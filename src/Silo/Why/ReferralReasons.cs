using System.Diagnostics;
using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Why;

/// <summary>Why a referral brought points, to the friend or to the referrer, and why they went again (docs/domain/referral.md).</summary>
internal static class ReferralReasons
{
    /// <summary>The reason behind an event of a referral.</summary>
    public static WhyReason Of(CustomerEvent happened) => happened switch
    {
        ReferralRewarded e => new WhyReason
        {
            Code = "referral.rewarded", Points = e.Points.Count, Facts = [new("referrer", e.Referrer.Value), new("receipt", e.Receipt)],
            Zh = $"由会员 {e.Referrer.Value} 推荐入会，这笔消费达到推荐有礼的条件，获得 {Number(e.Points)} 分；推荐人获得 {Number(e.ReferrerPoints)} 分。",
            En = $"Member {e.Referrer.Value} recommended the chain, and this purchase earns the reward: {Number(e.Points)} points, and {Number(e.ReferrerPoints)} for the referrer.",
        },
        ReferralWithdrawn e => new WhyReason
        {
            Code = "referral.withdrawn", Points = -e.Points.Count,
            Facts = [new("referrer", e.Referrer.Value), new("receipt", e.Receipt), new("debtAdded", e.DebtAdded.Count.ToString(CultureInfo.InvariantCulture)), new("forgiven", e.Forgiven.Count.ToString(CultureInfo.InvariantCulture))],
            Zh = $"小票 {e.Receipt} 退货后不再满足推荐有礼的条件，收回 {Number(e.Points)} 分，推荐人的奖励同时收回。之后达到条件的消费可重新获得。",
            En = $"What is left of receipt {e.Receipt} would not have earned the reward: {Number(e.Points)} points are taken back, and the referrer's too. A later purchase may earn it.",
        },
        DeliverySent { Kind: DeliveryKinds.Referral } e => new WhyReason
        {
            Code = "referral.sent", Facts = [new("to", e.To.Value)], Zh = $"推荐人 {e.To.Value} 的 {Number(e.Points)} 分奖励已发出。", En = $"The reward of {Number(e.Points)} points is on its way to member {e.To.Value}.",
        },
        DeliverySent e => new WhyReason
        {
            Code = "referral.back-sent", Facts = [new("to", e.To.Value)], Zh = $"通知收回推荐人 {e.To.Value} 的 {Number(e.Points)} 分奖励。", En = $"The reward of {Number(e.Points)} points is taken back from member {e.To.Value}.",
        },
        DeliveryReceived { Kind: DeliveryKinds.Referral } e => new WhyReason
        {
            Code = "referral.received", Points = e.Points.Count, Facts = [new("from", e.From.Value), new("debtPaid", e.DebtPaid.Count.ToString(CultureInfo.InvariantCulture))],
            Zh = $"推荐的会员 {e.From.Value} 完成达标消费，获得 {Number(e.Points)} 分。" + (e.DebtPaid > Points.Zero ? $"其中 {Number(e.DebtPaid)} 分先抵还欠分。" : ""),
            En = $"Member {e.From.Value}, who was recommended, has bought: {Number(e.Points)} points." + (e.DebtPaid > Points.Zero ? $" {Number(e.DebtPaid)} of them pay debt first." : ""),
        },
        DeliveryReceived e => new WhyReason
        {
            Code = "referral.taken-back", Points = e.Points.Count, Facts = [new("from", e.From.Value), new("debtAdded", e.DebtAdded.Count.ToString(CultureInfo.InvariantCulture))],
            Zh = $"推荐的会员 {e.From.Value} 退货，收回 {Number(-e.Points)} 分推荐奖励。" + (e.DebtAdded > Points.Zero ? $"其中 {Number(e.DebtAdded)} 分已用掉，记为欠分。" : ""),
            En = $"What member {e.From.Value} had bought came back: {Number(-e.Points)} points of the reward are taken back." + (e.DebtAdded > Points.Zero ? $" {Number(e.DebtAdded)} of them were spent and are owed." : ""),
        },
        DeliveryArrived e => new WhyReason
        {
            Code = "referral.arrived", Facts = [new("to", e.To.Value)], Zh = $"推荐人 {e.To.Value} 的奖励变动已入账。", En = $"The referrer {e.To.Value} has it in the books.",
        },
        DeliveryGivenBack e => new WhyReason
        {
            Code = "referral.not-taken", Facts = [new("to", e.To.Value), new("refusal", e.Refusal.ToString(CultureInfo.InvariantCulture))],
            Zh = $"推荐人 {e.To.Value} 的奖励变动未入账（{e.Refusal}）。", En = $"The referrer {e.To.Value} could not take it ({e.Refusal}).",
        },
        _ => throw new UnreachableException($"No reason for {happened.GetType().Name}."),
    };

    private static string Number(Points points) => Names.Number(points.Count);
}
