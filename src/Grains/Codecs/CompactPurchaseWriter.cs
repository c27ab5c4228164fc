using System.Runtime.InteropServices;
using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.EarningRules;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Writes a purchase in the form customer.purchase-recorded.2: half the bytes of the long form, and what a chain writes all day. Allocates nothing. Any
/// value comes back as it was, also one that no rule lets through: a member is left out only where <see cref="CompactPurchase"/> puts it in again.
/// </summary>
internal static class CompactPurchaseWriter
{
    public static void Write(ref JsonOutput output, PurchaseRecorded sale)
    {
        var lines = SpanOf(sale.Lines ?? throw new JsonException("The required member 'lines' is null."));
        output.Raw("{\"s\":"u8);
        output.Text(sale.Store.Value, "store");
        output.Raw(",\"r\":"u8);
        output.Text(sale.Receipt, "receipt");
        output.Number(",\"o\":"u8, sale.OccurredAt.UnixMs);
        output.Number(",\"d\":"u8, sale.BusinessDay.Number);
        if (sale.Channel is not null)
        {
            output.Raw(",\"c\":"u8);
            output.Text(sale.Channel, "channel");
        }

        WriteLines(ref output, lines);
        WriteAmounts(ref output, sale, CompactPurchase.SumsOf(lines));
        WriteTimes(ref output, sale);
        WriteVisit(ref output, sale);
        WriteAfter(ref output, sale);
        WriteRules(ref output, sale);
        if (sale.Grants is { Count: > 0 } grants) WriteGrants(ref output, grants);
        WriteAsked(ref output, sale);
        if (sale.StoredValueUsed != default || sale.StoredValueBalance != default) WriteStoredValue(ref output, sale.StoredValueUsed, sale.StoredValueBalance);
        if (sale.Coupons.Count > 0 || sale.CouponShares.Count > 0 || sale.CouponsSkipped.Count > 0) CompactCoupons.Write(ref output, sale);
        CompactPricing.Write(ref output, sale);
        WriteOrigin(ref output, sale);
        output.Raw("}"u8);
    }

    private static void WriteLines(ref JsonOutput output, ReadOnlySpan<RecordedLine> lines)
    {
        var lot = CompactPurchase.ReceiptLot(lines);
        if (lot != 0) output.Number(",\"g\":"u8, lot);
        output.Raw(",\"l\":["u8);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0) output.Raw(","u8);
            WriteLine(ref output, in lines[i], lot);
        }

        output.Raw("]"u8);
    }

    private static void WriteLine(ref JsonOutput output, in RecordedLine line, int receiptLot)
    {
        output.Number("["u8, line.Line);
        output.Raw(","u8);
        output.Text(line.Product.Value, "product");
        output.Number(","u8, line.Quantity.Milli);
        output.Number(","u8, line.Price.Minor);
        var length = LengthOf(in line, receiptLot);
        if (length > CompactPurchase.LineLengthMin) output.Number(","u8, line.Discount.Minor);
        if (length > CompactPurchase.LineLengthMin + 1) output.Number(","u8, line.Earned.Count);
        if (length > CompactPurchase.LineLengthMin + 2) output.Number(","u8, line.Bonus.Count);
        if (length > CompactPurchase.LineLengthMin + 3) WriteWord(ref output, line.Category, "category");
        if (length > CompactPurchase.LineLengthMin + 4) output.Number(","u8, line.LotPoints.Count);
        if (length > CompactPurchase.LineLengthMin + 5) output.Number(","u8, line.Lot);
        if (length > CompactPurchase.LineLengthMin + 6) WriteWord(ref output, line.Brand, "brand");
        output.Raw("]"u8);
    }

    /// <summary>How many elements say all there is to say: what follows them is what a reader assumes.</summary>
    private static int LengthOf(in RecordedLine line, int receiptLot)
    {
        if (line.Brand is not null) return CompactPurchase.LineLengthMin + 7;
        if (line.Lot != CompactPurchase.LotOf(line.LotPoints.Count, receiptLot)) return CompactPurchase.LineLengthMin + 6;
        if (!CompactPurchase.IsSum(line.LotPoints.Count, line.Earned.Count, line.Bonus.Count)) return CompactPurchase.LineLengthMin + 5;
        if (line.Category is not null) return CompactPurchase.LineLengthMin + 4;
        if (line.Bonus.Count != 0) return CompactPurchase.LineLengthMin + 3;
        if (line.Earned.Count != 0) return CompactPurchase.LineLengthMin + 2;
        return line.Discount.Minor != 0 ? CompactPurchase.LineLengthMin + 1 : CompactPurchase.LineLengthMin;
    }

    private static void WriteWord(ref JsonOutput output, string? word, string member)
    {
        if (word is null)
        {
            output.Raw(",null"u8);
            return;
        }

        output.Raw(","u8);
        output.Text(word, member);
    }

    private static void WriteAmounts(ref JsonOutput output, PurchaseRecorded sale, LineSums sums)
    {
        if (sale.Amount.Minor != sums.Amount) output.Number(",\"a\":"u8, sale.Amount.Minor);
        if (sale.PointsUsed.Count != 0) output.Number(",\"u\":"u8, sale.PointsUsed.Count);
        if (sale.LotsUsed is { Count: > 0 }) WriteLotsUsed(ref output, sale.LotsUsed);
        if (sale.PointsValue.Minor != 0) output.Number(",\"uv\":"u8, sale.PointsValue.Minor);
        if (sale.PointsEarned.Count != sums.Earned) output.Number(",\"e\":"u8, sale.PointsEarned.Count);
        if (sale.PointsBonus.Count != sums.Bonus) output.Number(",\"eb\":"u8, sale.PointsBonus.Count);
        if (sale.DebtPaid.Count != 0) output.Number(",\"dp\":"u8, sale.DebtPaid.Count);
    }

    private static void WriteLotsUsed(ref JsonOutput output, IReadOnlyList<LotPart> lots)
    {
        output.Raw(",\"ul\":["u8);
        for (var i = 0; i < lots.Count; i++)
        {
            var lot = lots[i];
            output.Number(i == 0 ? "["u8 : ",["u8, lot.Lot);
            output.Number(","u8, lot.Points.Count);
            if (lot.ExpiresAt is { } end) output.Number(","u8, end.UnixMs);
            else if (lot.ByInactivity) output.Raw(",null"u8);
            if (lot.ByInactivity) output.Raw(",1"u8);
            output.Raw("]"u8);
        }

        output.Raw("]"u8);
    }

    private static void WriteTimes(ref JsonOutput output, PurchaseRecorded sale)
    {
        if (sale.ActiveFrom != sale.OccurredAt) output.Number(",\"af\":"u8, sale.ActiveFrom.UnixMs);
        if (sale.ExpiresAt is { } end) output.Number(",\"x\":"u8, end.UnixMs);
        if (sale.ByInactivity) output.Raw(",\"xi\":true"u8);
    }

    private static void WriteVisit(ref JsonOutput output, PurchaseRecorded sale)
    {
        WriteStore(ref output, ",\"ps\":"u8, sale.PreviousStore, sale.Store, "previousStore");
        if (sale.CrossStore) output.Raw(",\"cs\":true"u8);
    }

    private static void WriteAfter(ref JsonOutput output, PurchaseRecorded sale)
    {
        output.Number(",\"b\":"u8, sale.Balance.Count);
        output.Number(",\"q\":"u8, sale.QualifyingSpend.Minor);
        if (sale.QualifyingFrom.Number != 0) output.Number(",\"qf\":"u8, sale.QualifyingFrom.Number);
        if (sale.QualifyingTo != sale.BusinessDay) output.Number(",\"qt\":"u8, sale.QualifyingTo.Number);
        if (sale.QualifyingPoints is { } points) output.Number(",\"qp\":"u8, points.Count);
        if (sale.QualifyingVisits is { } visits) output.Number(",\"qv\":"u8, visits);
        output.Raw(",\"t\":"u8);
        output.Text(sale.Tier.Value, "tier");
    }

    private static void WriteRules(ref JsonOutput output, PurchaseRecorded sale)
    {
        if (sale.Rules is not { Count: > 0 } rules) return;
        output.Raw(",\"n\":["u8);
        for (var i = 0; i < rules.Count; i++)
        {
            if (i > 0) output.Raw(","u8);
            if (RuleCodes.Of(rules[i], sale.Tier.Value) is > 0 and var code) output.Number(default, code);
            else output.Text(rules[i], "rules");
        }

        output.Raw("]"u8);
    }

    private static void WriteGrants(ref JsonOutput output, IReadOnlyList<RuleGrant> grants)
    {
        output.Raw(",\"w\":["u8);
        for (var i = 0; i < grants.Count; i++)
        {
            var grant = grants[i];
            output.Raw(i == 0 ? "["u8 : ",["u8);
            output.Text(grant.Rule, "grants.rule");
            output.Number(","u8, grant.Points.Count);
            var length = grant.Counted != CapPeriods.None ? 3 : grant.Room is not null ? 2 : grant.Withheld != Points.Zero ? 1 : 0;
            if (length > 0) output.Number(","u8, grant.Withheld.Count);
            if (length > 1 && grant.Room is { } room) output.Number(","u8, room.Count);
            else if (length > 1) output.Raw(",null"u8);
            if (length > 2) output.Number(","u8, (int)grant.Counted);
            output.Raw("]"u8);
        }

        output.Raw("]"u8);
    }

    /// <summary>Facts that the programme's rules asked for.</summary>
    private static void WriteAsked(ref JsonOutput output, PurchaseRecorded sale)
    {
        if (sale.TierBefore is { } before) WriteText(ref output, ",\"tb\":"u8, before.Value, "tierBefore");
        if (sale.Region is { } region) WriteText(ref output, ",\"rg\":"u8, region, "region");
        if (sale.City is { } city) WriteText(ref output, ",\"ct\":"u8, city, "city");
        if (sale.LocalMinute is { } minute) output.Number(",\"lm\":"u8, minute);
        if (sale.Tags is not { Count: > 0 } tags) return;
        output.Raw(",\"tg\":["u8);
        for (var i = 0; i < tags.Count; i++)
        {
            if (i > 0) output.Raw(","u8);
            output.Text(tags[i], "tags");
        }

        output.Raw("]"u8);
    }

    private static void WriteStoredValue(ref JsonOutput output, StoredValue used, StoredValue balance)
    {
        output.Number(",\"sv\":["u8, used.Principal.Minor);
        output.Number(","u8, used.Gift.Minor);
        output.Number(","u8, balance.Principal.Minor);
        output.Number(","u8, balance.Gift.Minor);
        output.Raw("]"u8);
    }

    private static void WriteText(ref JsonOutput output, ReadOnlySpan<byte> name, string text, string member)
    {
        output.Raw(name);
        output.Text(text, member);
    }

    private static void WriteOrigin(ref JsonOutput output, PurchaseRecorded sale)
    {
        if (sale.At != sale.OccurredAt) output.Number(",\"at\":"u8, sale.At.UnixMs);
        WriteStore(ref output, ",\"os\":"u8, sale.Origin.Store, sale.Store, "origin.store");
        if (sale.Origin.Staff is { } staff)
        {
            output.Raw(",\"of\":"u8);
            output.Text(staff.Value, "origin.staff");
        }

        if (sale.Origin.Till is { } till)
        {
            output.Raw(",\"ot\":"u8);
            output.Text(till.Value, "origin.till");
        }
    }

    /// <summary>A store that is left out where it is the store of the sale; null for none.</summary>
    private static void WriteStore(ref JsonOutput output, ReadOnlySpan<byte> name, StoreId? store, StoreId saleStore, string member)
    {
        if (store == saleStore) return;
        output.Raw(name);
        if (store is { } other) output.Text(other.Value, member);
        else output.Raw("null"u8);
    }

    private static ReadOnlySpan<RecordedLine> SpanOf(IReadOnlyList<RecordedLine> lines) => lines switch
    {
        RecordedLine[] array => array,
        List<RecordedLine> list => CollectionsMarshal.AsSpan(list),
        _ => lines.ToArray(),
    };
}
