using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class PurchaseRefusalTests
{
    private static void Refused(Func<RecordPurchase, RecordPurchase> change, Rejection expected, string? field) =>
        Given(Programme.BuiltIn).When(But(Buy("R1", 1_000), change)).ThenRejected(expected, field);

    private static void LineRefused(Func<PurchaseLine, PurchaseLine> change, Rejection expected, string field) =>
        Refused(p => p with { Lines = [Line(1, 100), change(Line(2, 100))] }, expected, $"lines[1].{field}");

    [Theory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("tab\t")]
    [InlineData("票号")]
    public void A_receipt_number_must_be_plain(string receipt) => Refused(p => p with { Receipt = receipt }, CustomerRejections.ReceiptInvalid, "receipt");

    [Fact]
    public void A_receipt_number_may_have_64_characters()
    {
        Given().When(Buy(new string('9', 64), 100)).Then<PurchaseRecorded>();
        Refused(p => p with { Receipt = new string('9', 65) }, CustomerRejections.ReceiptInvalid, "receipt");
    }

    [Theory]
    [InlineData("")]
    [InlineData("S/1")]
    [InlineData("123456789012345678901234567890123")]
    public void A_store_must_be_well_formed(string store) => Refused(p => p with { Store = new StoreId(store) }, CustomerRejections.StoreInvalid, "store");

    [Fact]
    public void A_sale_more_than_ten_minutes_ahead_is_refused()
    {
        Refused(p => p with { OccurredAt = new Timestamp(p.At.UnixMs + 600_001) }, CustomerRejections.InFuture, "occurredAt");
        Given().When(But(Buy("R1", 100), p => p with { OccurredAt = new Timestamp(p.At.UnixMs + 600_000) })).Then<PurchaseRecorded>();
    }

    [Fact]
    public void A_sale_before_the_earliest_day_is_refused()
    {
        var story = Given(DomainProgrammes.PlainWith(d => d["purchases"]!["earliest"] = "2023-12-31"));
        story.When(Buy("R1", 100, daysAgo: 2)).ThenRejected(CustomerRejections.TooEarly, "occurredAt");
        story.When(Buy("R1", 100, daysAgo: 1)).Then<PurchaseRecorded>();
    }

    [Fact]
    public void Ancient_times_are_refused_even_those_before_all_calendars()
    {
        Refused(p => p with { OccurredAt = new Timestamp(long.MinValue / 2), BusinessDay = new BusinessDay(int.MinValue) }, CustomerRejections.BusinessDayInvalid, null);
        Refused(p => p with { OccurredAt = new Timestamp(-1), BusinessDay = new BusinessDay(-1) }, CustomerRejections.TooEarly, null);
    }

    [Fact]
    public void A_business_day_that_does_not_fit_is_refused() =>
        Refused(p => p with { BusinessDay = new BusinessDay(p.BusinessDay.Number + 2) }, CustomerRejections.BusinessDayInvalid, "occurredAt");

    [Fact]
    public void A_receipt_without_lines_is_refused() => Refused(p => p with { Lines = [] }, CustomerRejections.NoLines, "lines");

    [Fact]
    public void A_receipt_of_2000_lines_is_taken_and_one_of_2001_is_not()
    {
        var lines = Enumerable.Range(1, 2_001).Select(line => Line(line, 100)).ToArray();
        var recorded = Given().When(BuyLines("R1", lines[..2_000])).Then<PurchaseRecorded>();
        recorded.PointsEarned.ShouldBe(new Points(2_000));
        Given().When(BuyLines("R2", lines)).ThenRejected(CustomerRejections.TooManyLines, "lines");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(32_768)]
    [InlineData(int.MinValue)]
    public void A_line_number_out_of_range_is_refused(int number) => LineRefused(l => l with { Line = number }, CustomerRejections.LineNumberInvalid, "line");

    [Fact]
    public void The_same_line_number_twice_is_refused()
    {
        LineRefused(l => l with { Line = 1 }, CustomerRejections.LineTwice, "line");
        Refused(p => p with { Lines = [Line(32_767, 1), Line(5, 1), Line(32_767, 1)] }, CustomerRejections.LineTwice, "lines[2].line");
    }

    [Fact]
    public void Lines_may_stand_in_any_order() => Given().When(BuyLines("R1", [Line(9, 100), Line(3, 100)])).Then<PurchaseRecorded>();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\u0000b")]
    public void A_product_must_be_named(string product) => LineRefused(l => l with { Product = new ProductId(product) }, CustomerRejections.ProductInvalid, "product");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\u0000b")]
    public void A_brand_is_a_word_or_nothing(string brand) => LineRefused(l => l with { Brand = brand }, CustomerRejections.BrandInvalid, "brand");

    [Fact]
    public void A_broken_character_is_refused()
    {
        LineRefused(l => l with { Brand = "half \uD800 pair" }, CustomerRejections.BrandInvalid, "brand");
        LineRefused(l => l with { Category = "half \uD800 pair" }, CustomerRejections.CategoryInvalid, "category");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(Limits.QuantityMilliMax + 1)]
    [InlineData(long.MinValue)]
    public void A_quantity_out_of_range_is_refused(long milli) => LineRefused(l => l with { Quantity = new Quantity(milli) }, CustomerRejections.QuantityInvalid, "quantity");

    [Theory]
    [InlineData(-1)]
    [InlineData(Limits.AmountMinorMax + 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void A_price_out_of_range_is_refused(long price) => LineRefused(l => l with { Price = new Money(price) }, CustomerRejections.PriceInvalid, "priceMinor");

    [Theory]
    [InlineData(-1)]
    [InlineData(101)]
    [InlineData(long.MinValue)]
    public void A_discount_out_of_range_is_refused(long discount) => LineRefused(l => l with { Discount = new Money(discount) }, CustomerRejections.DiscountInvalid, "discountMinor");

    [Fact]
    public void Lines_that_add_up_to_too_much_are_refused() =>
        Refused(p => p with { Lines = [Line(1, Limits.AmountMinorMax), Line(2, 1)] }, CustomerRejections.AmountTooLarge, "lines");

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void A_use_of_points_out_of_range_is_refused(long points) => Refused(p => p with { UsePoints = new Points(points) }, CustomerRejections.PointsInvalid, "usePoints");

    [Fact]
    public void An_offset_that_no_zone_has_is_refused() => Refused(p => p with { UtcOffsetMinutes = int.MinValue }, CustomerRejections.OffsetInvalid, null);

    [Fact]
    public void A_till_that_is_not_well_formed_is_refused()
    {
        Refused(p => p with { Origin = new Origin(new StoreId("S1"), null, new TillId(" ")) }, CustomerRejections.OriginInvalid, null);
        // An id that somebody forgot to fill is not the same as none.
        Refused(p => p with { Origin = new Origin(new StoreId("S1"), default(StaffId)) }, CustomerRejections.OriginInvalid, null);
        Refused(p => p with { Origin = new Origin(new StoreId("S1"), null, default(TillId)) }, CustomerRejections.OriginInvalid, null);
    }

    [Fact]
    public void A_channel_must_not_be_blank() => Refused(p => p with { Channel = " " }, CustomerRejections.ChannelInvalid, "channel");

    [Fact]
    public void What_is_wrong_with_the_command_comes_before_what_the_state_says() =>
        Stranger().When(But(Buy("", 100), p => p with { Lines = [] })).ThenRejected(CustomerRejections.ReceiptInvalid);

    [Fact]
    public void A_free_purchase_is_recorded()
    {
        var story = Given().When(BuyLines("R1", [Line(1, 100, discount: 100), Line(2, 0, milli: 0)]));
        story.Then<PurchaseRecorded>().Amount.ShouldBe(Money.Zero);
        story.And(ReturnAll("R1")).State.LifetimeSpend.ShouldBe(Money.Zero);
    }
}
