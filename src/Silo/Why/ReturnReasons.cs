using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Why;

/// <summary>Why a return took and gave back what it did.</summary>
internal static class ReturnReasons
{
    public static void Add(List<WhyReason> reasons, LinesReturned back, Names names)
    {
        var receipt = $"{back.PurchaseStore.Value}/{back.PurchaseReceipt}";
        reasons.Add(new WhyReason
        {
            Code = "return.taken-back", Points = -back.PointsTakenBack.Count,
            Facts = [new("receipt", receipt), new("amountMinor", Text(back.Amount.Minor)), new("debtAdded", Text(back.DebtAdded.Count))],
            Zh = $"小票 {receipt} 退回 {names.Money(back.Amount)}；按当时的规则重算留下的商品，收回 {Names.Number(back.PointsTakenBack.Count)} 分"
                + (back.DebtAdded > Points.Zero ? $"，其中 {Names.Number(back.DebtAdded.Count)} 分余额不足，记为积分欠款。" : "。"),
            En = $"{names.Money(back.Amount)} of receipt {receipt} came back; what is kept was worked out again by the rules of that day: {Names.Number(back.PointsTakenBack.Count)} points taken back"
                + (back.DebtAdded > Points.Zero ? $", {Names.Number(back.DebtAdded.Count)} of them owed." : "."),
        });
        CouponReasons.Add(reasons, back, names);
        if (back.PointsForgiven > Points.Zero)
        {
            reasons.Add(new WhyReason
            {
                Code = "return.forgiven", Facts = [new("points", Text(back.PointsForgiven.Count))],
                Zh = $"另有 {Names.Number(back.PointsForgiven.Count)} 分已过期或余额不足，不再收回。",
                En = $"{Names.Number(back.PointsForgiven.Count)} points more had ended or are not there, and are not taken.",
            });
        }

        foreach (var grant in back.GrantsBack)
        {
            if (grant.Points == Points.Zero) continue;
            if (grant.Points < Points.Zero)
            {
                reasons.Add(Instead(grant, names.Rule(grant.Rule)));
                continue;
            }

            reasons.Add(new WhyReason
            {
                Code = "return.rule", Rule = grant.Rule, Facts = [new("points", Text(grant.Points.Count)), new("pointsSoFar", Text(grant.PointsSoFar.Count))],
                Zh = $"其中「{names.Rule(grant.Rule).Zh}」的 {Names.Number(grant.Points.Count)} 分收回，上限额度随之恢复。",
                En = $"{Names.Number(grant.Points.Count)} of them had come from “{names.Rule(grant.Rule).En}”, whose cap has that room again.",
            });
        }

        if (back.StoredValueBack is var value && value != default)
        {
            reasons.Add(new WhyReason
            {
                Code = "return.stored-value", Facts = [new("principalMinor", Text(value.Principal.Minor)), new("giftMinor", Text(value.Gift.Minor))],
                Zh = $"按原支付方式退回储值 {names.Money(value.Sum())}：本金 {names.Money(value.Principal)}、赠金 {names.Money(value.Gift)}。",
                En = $"{names.Money(value.Sum())} go back to stored value as they were paid: {names.Money(value.Principal)} principal and {names.Money(value.Gift)} gift.",
            });
        }

        if (back.PointsGivenBack > Points.Zero)
        {
            reasons.Add(new WhyReason
            {
                Code = "return.given-back", Points = back.PointsGivenBack.Count, Facts = [new("valueMinor", Text(back.PointsValue.Minor))],
                Zh = $"当时用积分抵扣的 {names.Money(back.PointsValue)} 以 {Names.Number(back.PointsGivenBack.Count)} 分退还，沿用原有效期。",
                En = $"{names.Money(back.PointsValue)} had been paid in points: {Names.Number(back.PointsGivenBack.Count)} points come back with their old end.",
            });
        }
    }

    private static WhyReason Instead(in RuleGrantBack grant, Sentence rule) => new()
    {
        Code = "return.rule-instead", Rule = grant.Rule, Facts = [new("points", Text(-grant.Points.Count)), new("pointsSoFar", Text(-grant.PointsSoFar.Count))],
        Zh = $"留下的商品改由同组的「{rule.Zh}」给 {Names.Number(-grant.Points.Count)} 分，并占用其上限额度。",
        En = $"For what is kept “{rule.En}” gives {Names.Number(-grant.Points.Count)} points in place of another rule of its group, and uses its cap.",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
