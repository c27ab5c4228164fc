using System.Text.Json;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Codecs;

/// <summary>
/// Writes a purchase by hand, byte for byte as the generated serializer would: that one boxes every value it asks about, and a purchase is
/// what a chain writes all day. Allocates nothing. The order is the storage format's: a type's own members first, then those of its base.
/// </summary>
internal static class PurchaseRecordedWriter
{
    private static readonly JsonEncodedText Store = JsonEncodedText.Encode("store");
    private static readonly JsonEncodedText Receipt = JsonEncodedText.Encode("receipt");
    private static readonly JsonEncodedText OccurredAt = JsonEncodedText.Encode("occurredAt");
    private static readonly JsonEncodedText BusinessDay = JsonEncodedText.Encode("businessDay");
    private static readonly JsonEncodedText Channel = JsonEncodedText.Encode("channel");
    private static readonly JsonEncodedText Lines = JsonEncodedText.Encode("lines");
    private static readonly JsonEncodedText Amount = JsonEncodedText.Encode("amount");
    private static readonly JsonEncodedText PointsUsed = JsonEncodedText.Encode("pointsUsed");
    private static readonly JsonEncodedText LotsUsed = JsonEncodedText.Encode("lotsUsed");
    private static readonly JsonEncodedText PointsValue = JsonEncodedText.Encode("pointsValue");
    private static readonly JsonEncodedText PointsEarned = JsonEncodedText.Encode("pointsEarned");
    private static readonly JsonEncodedText PointsBonus = JsonEncodedText.Encode("pointsBonus");
    private static readonly JsonEncodedText DebtPaid = JsonEncodedText.Encode("debtPaid");
    private static readonly JsonEncodedText ActiveFrom = JsonEncodedText.Encode("activeFrom");
    private static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");
    private static readonly JsonEncodedText PreviousStore = JsonEncodedText.Encode("previousStore");
    private static readonly JsonEncodedText CrossStore = JsonEncodedText.Encode("crossStore");
    private static readonly JsonEncodedText Balance = JsonEncodedText.Encode("balance");
    private static readonly JsonEncodedText QualifyingSpend = JsonEncodedText.Encode("qualifyingSpend");
    private static readonly JsonEncodedText QualifyingFrom = JsonEncodedText.Encode("qualifyingFrom");
    private static readonly JsonEncodedText QualifyingTo = JsonEncodedText.Encode("qualifyingTo");
    private static readonly JsonEncodedText Tier = JsonEncodedText.Encode("tier");
    private static readonly JsonEncodedText Rules = JsonEncodedText.Encode("rules");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText Origin = JsonEncodedText.Encode("origin");

    private static readonly JsonEncodedText Line = JsonEncodedText.Encode("line");
    private static readonly JsonEncodedText Product = JsonEncodedText.Encode("product");
    private static readonly JsonEncodedText Category = JsonEncodedText.Encode("category");
    private static readonly JsonEncodedText Quantity = JsonEncodedText.Encode("quantity");
    private static readonly JsonEncodedText Price = JsonEncodedText.Encode("price");
    private static readonly JsonEncodedText Discount = JsonEncodedText.Encode("discount");
    private static readonly JsonEncodedText Earned = JsonEncodedText.Encode("earned");
    private static readonly JsonEncodedText Bonus = JsonEncodedText.Encode("bonus");
    private static readonly JsonEncodedText Lot = JsonEncodedText.Encode("lot");
    private static readonly JsonEncodedText LotPoints = JsonEncodedText.Encode("lotPoints");

    public static void Write(Utf8JsonWriter writer, PurchaseRecorded sale)
    {
        writer.WriteStartObject();
        writer.WriteString(Store, sale.Store.Value);
        writer.WriteString(Receipt, SharedParts.Present(sale.Receipt, Receipt));
        writer.WriteNumber(OccurredAt, sale.OccurredAt.UnixMs);
        writer.WriteNumber(BusinessDay, sale.BusinessDay.Number);
        writer.WriteOptional(Channel, sale.Channel);
        WriteLines(writer, SharedParts.Present(sale.Lines, Lines));
        writer.WriteNumber(Amount, sale.Amount.Minor);
        writer.WriteOptional(PointsUsed, sale.PointsUsed.Count);
        writer.WriteOptional(LotsUsed, sale.LotsUsed);
        writer.WriteOptional(PointsValue, sale.PointsValue.Minor);
        writer.WriteNumber(PointsEarned, sale.PointsEarned.Count);
        writer.WriteOptional(PointsBonus, sale.PointsBonus.Count);
        writer.WriteOptional(DebtPaid, sale.DebtPaid.Count);
        writer.WriteNumber(ActiveFrom, sale.ActiveFrom.UnixMs);
        writer.WriteOptional(ExpiresAt, sale.ExpiresAt);
        if (sale.PreviousStore is { } previous)
            writer.WriteString(PreviousStore, previous.Value);
        if (sale.CrossStore)
            writer.WriteBoolean(CrossStore, true);
        writer.WriteNumber(Balance, sale.Balance.Count);
        writer.WriteNumber(QualifyingSpend, sale.QualifyingSpend.Minor);
        writer.WriteOptional(QualifyingFrom, sale.QualifyingFrom.Number);
        writer.WriteOptional(QualifyingTo, sale.QualifyingTo.Number);
        writer.WriteString(Tier, sale.Tier.Value);
        writer.WriteOptional(Rules, sale.Rules);
        writer.WriteNumber(At, sale.At.UnixMs);
        writer.WriteOrigin(Origin, sale.Origin);
        writer.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter writer, IReadOnlyList<RecordedLine> lines)
    {
        writer.WriteStartArray(Lines);
        var count = lines.Count;
        for (var i = 0; i < count; i++)
        {
            var line = lines[i];
            writer.WriteStartObject();
            writer.WriteNumber(Line, line.Line);
            writer.WriteString(Product, line.Product.Value);
            writer.WriteOptional(Category, line.Category);
            writer.WriteNumber(Quantity, line.Quantity.Milli);
            writer.WriteNumber(Price, line.Price.Minor);
            writer.WriteOptional(Discount, line.Discount.Minor);
            writer.WriteOptional(Earned, line.Earned.Count);
            writer.WriteOptional(Bonus, line.Bonus.Count);
            writer.WriteOptional(Lot, line.Lot);
            writer.WriteOptional(LotPoints, line.LotPoints.Count);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
