using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.Grains.Codecs;

/// <summary>Member prices and early sales of a purchase in the form customer.purchase-recorded.2: members ma, mp and es (docs/formats/journal-entry.md).</summary>
internal static class CompactPricing
{
    public static readonly ReadItem<MemberPriceUse> PriceItem = ReadPrice;
    public static readonly ReadItem<EarlySale> EarlyItem = ReadEarly;

    public static void Write(ref JsonOutput output, PurchaseRecorded sale)
    {
        if (sale.AsksMemberPrices) output.Raw(",\"ma\":true"u8);
        for (var i = 0; i < sale.MemberPrices.Count; i++)
        {
            var use = sale.MemberPrices[i];
            output.Number(i == 0 ? ",\"mp\":[["u8 : ",["u8, use.Line);
            output.Raw(","u8);
            output.Text(use.Price, "memberPrices.price");
            output.Number(","u8, use.Off.Minor);
            output.Raw("]"u8);
        }

        if (sale.MemberPrices.Count > 0) output.Raw("]"u8);
        for (var i = 0; i < sale.EarlySales.Count; i++)
        {
            output.Number(i == 0 ? ",\"es\":[["u8 : ",["u8, sale.EarlySales[i].Line);
            output.Raw(","u8);
            output.Text(sale.EarlySales[i].Access, "earlySales.access");
            output.Raw("]"u8);
        }

        if (sale.EarlySales.Count > 0) output.Raw("]"u8);
    }

    private static MemberPriceUse ReadPrice(ref Utf8JsonReader reader, int context)
    {
        var (line, price) = ReadLine(ref reader);
        JsonInput.Element(ref reader);
        var off = new Money(reader.GetInt64());
        if (JsonInput.More(ref reader)) throw new JsonException("A member price is too long.");
        return new MemberPriceUse(line, price, off);
    }

    private static EarlySale ReadEarly(ref Utf8JsonReader reader, int context)
    {
        var (line, access) = ReadLine(ref reader);
        if (JsonInput.More(ref reader)) throw new JsonException("An early sale is too long.");
        return new EarlySale(line, access);
    }

    private static (int Line, string Id) ReadLine(ref Utf8JsonReader reader)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        JsonInput.Element(ref reader);
        var line = reader.GetInt32();
        JsonInput.Element(ref reader);
        return (line, JsonInput.PooledText(ref reader));
    }
}
