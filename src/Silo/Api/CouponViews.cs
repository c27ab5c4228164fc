using ChainCrm.Client.Wire;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.Coupons;
using ChainCrm.Grains;
using ChainCrm.Silo.Problems;

namespace ChainCrm.Silo.Api;

/// <summary>Coupons on the wire.</summary>
internal static class CouponViews
{
    /// <summary>What coupons did to a sale; null when none was asked for.</summary>
    public static SaleCouponsView? Of(ApiServices api, string chain, CommittedEntry entry, PurchaseRecorded sale)
    {
        if (sale.Coupons.Count == 0 && sale.CouponsSkipped.Count == 0) return null;
        var programme = api.ProgrammeOf(chain, entry.ProgrammeVersion);
        return new SaleCouponsView
        {
            Used = [.. sale.Coupons.Select(use => new CouponUseView(use.Number, use.Kind, NameOf(programme, use.Kind), use.Discount.Minor, WordOf(use.Bearer)))],
            DiscountMinor = sale.Coupons.Sum(static use => use.Discount.Minor),
            Lines = LinesOf(sale),
            Skipped = [.. sale.CouponsSkipped.Select(static skipped => SkippedOf(skipped))],
        };
    }

    /// <summary>What a return did to coupons; null when nothing.</summary>
    public static ReturnCouponsView? Of(ApiServices api, string chain, CommittedEntry entry, LinesReturned back)
    {
        if (back.CouponsBack.Count == 0 && back.CouponsWithdrawn.Count == 0 && back.CouponAdjustment == Money.Zero) return null;
        var programme = api.ProgrammeOf(chain, entry.ProgrammeVersion);
        return new ReturnCouponsView
        {
            Back = [.. back.CouponsBack.Select(coupon => Of(programme, coupon))],
            Withdrawn = [.. back.CouponsWithdrawn.Select(static coupon => coupon.Number)],
            AdjustmentMinor = back.CouponAdjustment.Minor,
        };
    }

    /// <summary>Coupons that an entry brought; null when none.</summary>
    public static IReadOnlyList<CouponView>? Issued(ApiServices api, string chain, CommittedEntry entry)
    {
        if (EntryReplies.Find<CouponsIssued>(entry) is not { } issued) return null;
        var programme = api.ProgrammeOf(chain, entry.ProgrammeVersion);
        return [.. issued.Coupons.Select(coupon => Of(programme, new HeldCoupon(coupon.Number, coupon.Kind, coupon.From, coupon.Until, null)))];
    }

    /// <summary>A coupon in a customer's hand.</summary>
    public static CouponView Of(Programme programme, HeldCoupon coupon) => new(
        coupon.Number, coupon.Kind, NameOf(programme, coupon.Kind), MemberCards.TimeOf(coupon.From), coupon.Until is { } until ? MemberCards.TimeOf(until) : null);

    /// <summary>The name of a kind; null when the version has none.</summary>
    public static LocalName? NameOf(Programme programme, string kind) => programme.Coupons.Find(kind) is { } known ? new LocalName(known.NameZh, known.NameEn) : null;

    /// <summary>The word of a programme document for who bears the cost.</summary>
    public static string WordOf(CostBearer bearer) => bearer switch
    {
        CostBearer.Issuer => "issuer",
        CostBearer.Redeemer => "redeemer",
        CostBearer.Supplier => "supplier",
        _ => "headquarters",
    };

    /// <summary>What a coupon would do.</summary>
    public static CouponOfferView Of(Programme programme, CouponOffer offer) => new(Of(programme, offer.Coupon), offer.Discount.Minor, offer.Missing.Minor)
    {
        Why = offer.Why is { } why ? SkippedOf(new SkippedCoupon(offer.Coupon.Number, why.Code)) : null,
    };

    private static List<LineDiscount> LinesOf(PurchaseRecorded sale)
    {
        var lines = new List<LineDiscount>(sale.CouponShares.Count);
        for (var i = 0; i < sale.CouponShares.Count; i++)
        {
            if (sale.CouponShares[i] != Money.Zero) lines.Add(new LineDiscount(sale.Lines[i].Line, sale.CouponShares[i].Minor));
        }

        return lines;
    }

    /// <summary>Why a coupon was left alone.</summary>
    public static CouponSkippedView SkippedOf(SkippedCoupon skipped)
    {
        var why = RefusalCatalogue.Of(skipped.Code);
        return new CouponSkippedView(skipped.Number, why.Code, why.Chinese, why.English);
    }
}
