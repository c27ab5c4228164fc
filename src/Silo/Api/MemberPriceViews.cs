using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains;

namespace ChainCrm.Silo.Api;

/// <summary>Member prices on the wire.</summary>
internal static class MemberPriceViews
{
    /// <summary>What member prices took off a sale; null when nothing.</summary>
    public static IReadOnlyList<MemberPriceView>? Of(ApiServices api, string chain, CommittedEntry entry, PurchaseRecorded sale)
    {
        if (sale.MemberPrices.Count == 0) return null;
        var programme = api.ProgrammeOf(chain, entry.ProgrammeVersion);
        var left = LeftBeforeCoupons(sale);
        return [.. sale.MemberPrices.Select(use => new MemberPriceView(
            use.Line, use.Price, programme.MemberPrices.Find(use.Price) is { } price ? new LocalName(price.NameZh, price.NameEn) : null, use.Off.Minor, left[use.Line].Minor))];
    }

    /// <summary>Numbers of lines that were sold too early; null for none.</summary>
    public static IReadOnlyList<int>? Early(PurchaseRecorded sale) => sale.EarlySales.Count == 0 ? null : [.. sale.EarlySales.Select(static early => early.Line)];

    private static Dictionary<int, Money> LeftBeforeCoupons(PurchaseRecorded sale)
    {
        var left = new Dictionary<int, Money>(sale.Lines.Count);
        for (var i = 0; i < sale.Lines.Count; i++)
        {
            var line = sale.Lines[i];
            left[line.Line] = line.Price - line.Discount + (sale.CouponShares.Count == 0 ? Money.Zero : sale.CouponShares[i]);
        }

        return left;
    }
}
