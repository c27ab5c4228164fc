using System.Text.Json;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes.Coupons;

namespace ChainCrm.Grains.Codecs;

/// <summary>The coupons of a purchase in the form customer.purchase-recorded.2: members k, ks and kx (docs/formats/journal-entry.md).</summary>
internal static class CompactCoupons
{
    public static readonly ReadItem<CouponUse> UseItem = ReadUse;
    public static readonly ReadItem<Money> ShareItem = static (ref Utf8JsonReader reader, int _) => new Money(reader.GetInt64());
    public static readonly ReadItem<SkippedCoupon> SkippedItem = ReadSkipped;

    public static void Write(ref JsonOutput output, PurchaseRecorded sale)
    {
        if (sale.Coupons.Count > 0) WriteUses(ref output, sale.Coupons);
        if (sale.CouponShares.Count > 0) WriteShares(ref output, sale.CouponShares);
        if (sale.CouponsSkipped.Count > 0) WriteSkipped(ref output, sale.CouponsSkipped);
    }

    private static void WriteUses(ref JsonOutput output, IReadOnlyList<CouponUse> uses)
    {
        output.Raw(",\"k\":["u8);
        for (var i = 0; i < uses.Count; i++)
        {
            var use = uses[i];
            output.Number(i == 0 ? "["u8 : ",["u8, use.Number);
            output.Raw(","u8);
            output.Text(use.Kind, "coupons.kind");
            output.Number(","u8, use.Discount.Minor);
            output.Number(","u8, (int)use.Bearer);
            output.Raw(","u8);
            if (use.Issuer is { } issuer) output.Text(issuer.Value, "coupons.issuer");
            else output.Raw("null"u8);
            if (use.Until is { } until) output.Number(","u8, until.UnixMs);
            output.Raw("]"u8);
        }

        output.Raw("]"u8);
    }

    private static void WriteShares(ref JsonOutput output, IReadOnlyList<Money> shares)
    {
        for (var i = 0; i < shares.Count; i++) output.Number(i == 0 ? ",\"ks\":["u8 : ","u8, shares[i].Minor);
        output.Raw("]"u8);
    }

    private static void WriteSkipped(ref JsonOutput output, IReadOnlyList<SkippedCoupon> skipped)
    {
        for (var i = 0; i < skipped.Count; i++)
        {
            output.Number(i == 0 ? ",\"kx\":[["u8 : ",["u8, skipped[i].Number);
            output.Number(","u8, skipped[i].Code);
            output.Raw("]"u8);
        }

        output.Raw("]"u8);
    }

    private static CouponUse ReadUse(ref Utf8JsonReader reader, int context)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        JsonInput.Element(ref reader);
        var number = reader.GetInt32();
        JsonInput.Element(ref reader);
        var kind = JsonInput.PooledText(ref reader);
        JsonInput.Element(ref reader);
        var discount = new Money(reader.GetInt64());
        JsonInput.Element(ref reader);
        var bearer = (CostBearer)reader.GetInt32();
        JsonInput.Element(ref reader);
        StoreId? issuer = reader.TokenType == JsonTokenType.Null ? null : new StoreId(JsonInput.PooledText(ref reader));
        Timestamp? until = null;
        if (JsonInput.More(ref reader))
        {
            until = new Timestamp(reader.GetInt64());
            if (JsonInput.More(ref reader)) throw new JsonException("A used coupon is too long.");
        }

        return new CouponUse(number, kind, discount, bearer, issuer, until);
    }

    private static SkippedCoupon ReadSkipped(ref Utf8JsonReader reader, int context)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray);
        JsonInput.Element(ref reader);
        var number = reader.GetInt32();
        JsonInput.Element(ref reader);
        var code = reader.GetInt32();
        if (JsonInput.More(ref reader)) throw new JsonException("A skipped coupon is too long.");
        return new SkippedCoupon(number, code);
    }
}
