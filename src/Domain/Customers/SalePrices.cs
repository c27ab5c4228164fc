using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Programmes.EarningRules;
using ChainCrm.Domain.Programmes.Pricing;

namespace ChainCrm.Domain.Customers;

/// <summary>What the programme says of the goods of a sale before any coupon: what they cost this member, and whether they are on sale for this member yet.</summary>
internal static class SalePrices
{
    /// <summary>Takes member prices off the lines (docs/domain/member-prices.md): of all that fit a line the one that takes most off, the first of those that take the same.</summary>
    /// <param name="purchase">The sale; nothing is taken off unless its till asks.</param>
    /// <param name="programme">The rules.</param>
    /// <param name="sale">Facts of the receipt.</param>
    /// <param name="parts">What each line comes to; less what is taken off afterwards.</param>
    /// <param name="off">What is taken off in all.</param>
    public static MemberPriceUse[] TakeOff(RecordPurchase purchase, Programme programme, in SaleFacts sale, Span<LinePoints> parts, out Money off)
    {
        off = Money.Zero;
        return purchase.MemberPrices ? TakeOff(purchase.Lines, programme, sale, parts, out off) : [];
    }

    /// <summary>The same of lines that are asked for, whoever they are for.</summary>
    public static MemberPriceUse[] TakeOff(IReadOnlyList<PurchaseLine> sent, Programme programme, in SaleFacts sale, Span<LinePoints> parts, out Money off)
    {
        off = Money.Zero;
        if (programme.MemberPrices.Prices.Count == 0) return [];
        var lines = new SentLines(sent);
        List<MemberPriceUse>? uses = null;
        for (var i = 0; i < parts.Length; i++)
        {
            if (BestOf(programme.MemberPrices.Prices, sale, lines.FactsOf(i), parts[i], sent[i].Discount != Money.Zero) is not { } best) continue;
            (uses ??= []).Add(new MemberPriceUse(sent[i].Line, best.Price.Id, best.Off));
            parts[i].Amount -= best.Off;
            off += best.Off;
        }

        return uses is null ? [] : [.. uses];
    }

    /// <summary>Refuses goods that are not on sale for this customer yet (docs/domain/early-access.md), or notes them where they are sold already.</summary>
    public static Rejection? RefuseEarly(RecordPurchase purchase, Programme programme, in SaleFacts sale, out EarlySale[] early)
    {
        early = [];
        if (programme.EarlyAccess.Of.Count == 0) return null;
        var lines = new SentLines(purchase.Lines);
        List<EarlySale>? sold = null;
        for (var i = 0; i < purchase.Lines.Count; i++)
        {
            if (Missing(programme.EarlyAccess.Of, sale, lines.FactsOf(i)) is not { } access) continue;
            if (!purchase.SoldAlready) return CustomerRejections.NotOnSaleYet.At($"lines[{i}].product");
            (sold ??= []).Add(new EarlySale(purchase.Lines[i].Line, access.Id));
        }

        if (sold is not null) early = [.. sold];
        return null;
    }

    /// <summary>Numbers of the lines that are not on sale yet for whom these facts are of.</summary>
    public static List<int> NotOnSale(IReadOnlyList<PurchaseLine> sent, Programme programme, in SaleFacts sale)
    {
        var lines = new SentLines(sent);
        var found = new List<int>();
        for (var i = 0; i < sent.Count; i++)
            if (Missing(programme.EarlyAccess.Of, sale, lines.FactsOf(i)) is not null) found.Add(sent[i].Line);
        return found;
    }

    private static (MemberPrice Price, Money Off)? BestOf(IReadOnlyList<MemberPrice> prices, in SaleFacts sale, in LineFacts line, in LinePoints part, bool isDiscounted)
    {
        (MemberPrice Price, Money Off)? best = null;
        foreach (var price in prices)
        {
            if (!price.Enabled || (isDiscounted && !price.OnDiscounted)) continue;
            var off = price.Off(part.Amount, part.Quantity);
            // The conditions cost more than the sum: they are asked only where it would win.
            if (off <= (best?.Off ?? Money.Zero) || !price.OfReceipt.Holds(sale, line) || !price.OfLine.Holds(sale, line)) continue;
            best = (price, off);
        }

        return best;
    }

    /// <summary>The first early access that covers a line, where none of those that do allows it; otherwise null.</summary>
    private static EarlyAccess? Missing(IReadOnlyList<EarlyAccess> list, in SaleFacts sale, in LineFacts line)
    {
        EarlyAccess? covers = null;
        foreach (var access in list)
        {
            if (!access.Covers(sale, line)) continue;
            if (access.Allows(sale, line)) return null;
            covers ??= access;
        }

        return covers;
    }
}
