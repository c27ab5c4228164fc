using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Silo.Api;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>The short way to write a sale's reply writes what the general way writes.</summary>
public class SaleRepliesTests
{
    private static readonly LocalName Name = new("金卡会员 \"★\"", "Gold <& \u00e9>");

    private static PurchaseReply Plain => new() { Customer = "c12", Store = "S1", Receipt = "R/1+\u4e2d", AmountMinor = 1, ChargeMinor = long.MaxValue, Balance = -5, Tier = "gold", CrossStore = true, Version = 7 };

    private static PurchaseReply Full => Plain with
    {
        TierChanged = new TierChange("silver", "gold", Name),
        Grants = [new GrantView("r1", Name, 3, 0), new GrantView("r2", null, 0, 9)],
        StoredValue = new StoredValueMove(new StoredValueView(1, 2), new StoredValueView(3, 4) { Frozen = false, HeldMinor = 5 }),
        Coupons = new SaleCouponsView
        {
            Used = [new CouponUseView(1, "k", Name, 100, "supplier"), new CouponUseView(2, "gone", null, 1, "issuer")],
            DiscountMinor = 101,
            Lines = [new LineDiscount(1, 100), new LineDiscount(3, 1)],
            Skipped = [new CouponSkippedView(9, 186, "未达到门槛", "below its minimum")],
        },
        MemberPrices = [new MemberPriceView(1, "gold", Name, 100, 900), new MemberPriceView(3, "gone", null, 1, 0)],
        EarlySales = [2, 7],
        Instructions = [new TillInstruction("say", "tier.reached", "恭喜您升级为金卡会员！", "You are Gold now!"), new TillInstruction("print", "price.saved", "省 ¥1", "Saved <&>")],
    };

    public static TheoryData<PurchaseReply> Replies => new(
        new PurchaseReply { Store = "S1", Receipt = "walk-in" }, Plain, Full, Full with { Coupons = new SaleCouponsView(), Grants = [] }, Full with { TierChanged = null, StoredValue = null });

    [Theory]
    [MemberData(nameof(Replies))]
    public void Both_ways_write_the_same_bytes(PurchaseReply reply)
    {
        var general = Written(writer => { JsonSerializer.Serialize(writer, reply, Wire.Json.PurchaseReply); return true; });

        Written(writer => SaleReplies.TryWrite(writer, reply)).ShouldBe(general);
        Encoding.UTF8.GetString(general).ShouldNotContain("\\u4e2d");
    }

    [Fact]
    public void Times_go_the_general_way()
    {
        var reply = Full with { CouponsIssued = [new CouponView(1, "k", Name, DateTimeOffset.UnixEpoch, null)] };
        Written(writer => !SaleReplies.TryWrite(writer, reply)).ShouldBeEmpty();
    }

    private static byte[] Written(Func<Utf8JsonWriter, bool> write)
    {
        using var bytes = new MemoryStream();
        using var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        write(writer).ShouldBeTrue();
        writer.Flush();
        return bytes.ToArray();
    }
}
