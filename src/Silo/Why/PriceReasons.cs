using System.Globalization;
using ChainCrm.Client.Wire;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Silo.Why;

/// <summary>Which member prices a sale had, and what was sold before its time (docs/domain/member-prices.md, docs/domain/early-access.md).</summary>
internal static class PriceReasons
{
    public static void Add(List<WhyReason> reasons, PurchaseRecorded purchase, Names names)
    {
        foreach (var group in purchase.MemberPrices.GroupBy(static use => use.Price))
        {
            var (name, lines) = (names.MemberPrice(group.Key), string.Join(',', group.Select(static use => use.Line)));
            var off = new Domain.Money(group.Sum(static use => use.Off.Minor));
            reasons.Add(new WhyReason
            {
                Code = "price.member", Rule = group.Key, Facts = [new("lines", lines), new("offMinor", off.Minor.ToString(CultureInfo.InvariantCulture))],
                Zh = $"第 {lines.Replace(",", "、", StringComparison.Ordinal)} 行享会员价「{name.Zh}」，减 {names.Money(off)}。", En = $"Member price “{name.En}” takes {names.Money(off)} off line {lines}.",
            });
        }

        foreach (var early in purchase.EarlySales)
        {
            var name = names.EarlyAccess(early.Access);
            reasons.Add(new WhyReason
            {
                Code = "price.early", Rule = early.Access, Facts = [new("line", early.Line.ToString(CultureInfo.InvariantCulture))],
                Zh = $"第 {early.Line} 行的商品（{name.Zh}）尚未对这位客户开售，门店已先行售出。", En = $"Line {early.Line} ({name.En}) was not on sale for this customer yet; the store had sold it already.",
            });
        }
    }
}
