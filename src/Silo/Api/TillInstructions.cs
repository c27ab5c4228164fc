using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;
using ChainCrm.Silo.Why;

namespace ChainCrm.Silo.Api;

/// <summary>
/// What the till is asked to say to the customer, to print and to show its cashier, beside what it charges (R36, R106). Nothing for an ordinary sale; like the rest of the reply a
/// function of the entry and of the programme version that decided it.
/// </summary>
internal static class TillInstructions
{
    private const string Say = "say", Print = "print", Show = "show";

    /// <summary>The instructions of a sale; null for none.</summary>
    public static IReadOnlyList<TillInstruction>? Of(ApiServices api, string chain, CommittedEntry entry, PurchaseRecorded sale)
    {
        // An entry with one event and no price is a sale like most others: nothing is looked up for it.
        if (entry.Events.Count == 1 && sale.MemberPrices.Count == 0 && sale.EarlySales.Count == 0) return null;
        var names = new Names(api, chain, api.ProgrammeOf(chain, entry.ProgrammeVersion));
        var instructions = new List<TillInstruction>();
        foreach (var happened in entry.Events)
        {
            switch (happened)
            {
                case TierChanged changed:
                    var tier = names.Tier(changed.To.Value);
                    instructions.Add(new(Say, "tier.reached", $"恭喜您升级为{tier.Zh}！", $"Congratulations: you are {tier.En} now!"));
                    break;
                case CouponsIssued issued:
                    AddCoupons(instructions, issued, names);
                    break;
                case ReferralRewarded { Points.Count: > 0 } rewarded:
                    var points = Names.Number(rewarded.Points.Count);
                    instructions.Add(new(Say, "referral.rewarded", $"感谢好友推荐，送您 {points} 积分。", $"Your friend's recommendation brings you {points} points."));
                    break;
            }
        }

        if (sale.MemberPrices.Count > 0)
        {
            var saved = names.Money(new Money(sale.MemberPrices.Sum(static use => use.Off.Minor)));
            instructions.Add(new(Print, "price.saved", $"会员价为您节省 {saved}", $"You saved {saved} by member prices"));
        }

        foreach (var early in sale.EarlySales)
            instructions.Add(new(Show, "price.early", $"第 {early.Line} 行的商品尚未对这位会员开售，下次请先询价。", $"Line {early.Line} was not on sale for this customer yet: ask for a quote first next time."));
        return instructions.Count == 0 ? null : instructions;
    }

    private static void AddCoupons(List<TillInstruction> instructions, CouponsIssued issued, Names names)
    {
        foreach (var kind in issued.Coupons.GroupBy(static coupon => coupon.Kind))
        {
            var (name, count) = (names.Coupon(kind.Key), kind.Count());
            instructions.Add(new(Print, "coupon.issued", $"赠送「{name.Zh}」{count} 张，下次消费可用", $"{count} × “{name.En}” for your next visit"));
        }
    }
}
