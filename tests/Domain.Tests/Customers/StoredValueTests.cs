using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

/// <summary>Stored value (docs/domain/stored-value.md; R26, R28, F26, F28, F29).</summary>
public class StoredValueTests
{
    private static readonly Programme Plain = With("""{"topUps":[{"atLeastMinor":20000,"giftMinor":1000},{"atLeastMinor":50000,"giftMinor":6000}]}""");

    [Theory]
    [InlineData(19_999, 0)]
    [InlineData(20_000, 1_000)]
    [InlineData(49_999, 1_000)]
    [InlineData(50_000, 6_000)]
    [InlineData(150_000, 6_000)]
    public void A_top_up_gets_the_gift_of_the_highest_step_it_reaches_once(long amount, long gift)
    {
        var story = Given(Plain).When(TopUp(amount));
        var paidIn = story.Then<StoredValueToppedUp>();
        (paidIn.Amount, paidIn.Gift, paidIn.PrincipalBalance, paidIn.GiftBalance).ShouldBe((new Money(amount), new Money(gift), new Money(amount), new Money(gift)));
        story.State.StoredValue.ShouldBe(new StoredValue(new Money(amount), new Money(gift)));
    }

    [Theory]
    [InlineData("proportional", 28_000, 25_000, 3_000)]
    [InlineData("proportional", 1, 1, 0)]
    [InlineData("proportional", 56_000, 50_000, 6_000)]
    [InlineData("principalFirst", 28_000, 28_000, 0)]
    [InlineData("principalFirst", 51_000, 50_000, 1_000)]
    [InlineData("giftFirst", 28_000, 22_000, 6_000)]
    [InlineData("giftFirst", 5_999, 0, 5_999)]
    public void What_pays_first_is_chosen(string order, long use, long principal, long gift)
    {
        var programme = With($$"""{"spend":"{{order}}","topUps":[{"atLeastMinor":50000,"giftMinor":6000}]}""");
        var sold = Given(programme, TopUp(50_000)).When(Pay("R1", 60_000, use)).Then<PurchaseRecorded>();
        sold.StoredValueUsed.ShouldBe(new StoredValue(new Money(principal), new Money(gift)));
        sold.StoredValueBalance.ShouldBe(new StoredValue(new Money(50_000 - principal), new Money(6_000 - gift)));
    }

    [Fact]
    public void The_gift_earns_no_points_unless_the_programme_says_so()
    {
        var sold = Given(Plain, TopUp(50_000)).When(Pay("R1", 56_000, 56_000)).Then<PurchaseRecorded>();
        (sold.PointsEarned, sold.Amount).ShouldBe((new Points(500), new Money(56_000)));
        var giving = With("""{"giftEarns":true,"topUps":[{"atLeastMinor":50000,"giftMinor":6000}]}""");
        Given(giving, TopUp(50_000)).When(Pay("R1", 56_000, 56_000)).Then<PurchaseRecorded>().PointsEarned.ShouldBe(new Points(560));
    }

    [Fact]
    public void A_return_gives_back_as_it_was_paid_points_first()
    {
        var story = Given(Plain, Adjust(1_000), TopUp(50_000), But(BuyLines("R1", [Line(1, 10_000, milli: 4_000)], use: 1_000), sale => sale with { UseStoredValue = new Money(5_600) }));
        // 1,000 in points, 5,000 principal, 600 gift, 3,400 money; a quarter comes back.
        var back = story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.PointsValue, back.StoredValueBack).ShouldBe((new Money(2_500), new Money(250), new StoredValue(new Money(1_250), new Money(150))));
        var rest = story.When(ReturnAll("R1")).Then<LinesReturned>();
        rest.StoredValueBackSoFar.ShouldBe(new StoredValue(new Money(5_000), new Money(600)));
        (rest.StoredValueBalance, story.State.StoredValue).ShouldBe((new StoredValue(new Money(50_000), new Money(6_000)), new StoredValue(new Money(50_000), new Money(6_000))));
        story.State.Balance.ShouldBe(new Points(1_000));
    }

    [Fact]
    public void A_refund_withdraws_the_gift_in_proportion_and_the_last_of_it_all()
    {
        var story = Given(Plain, TopUp(50_000)).When(Refund(12_345));
        var paidOut = story.Then<StoredValueRefunded>();
        (paidOut.Amount, paidOut.GiftWithdrawn).ShouldBe((new Money(12_345), new Money(1_481)));
        story.When(Refund(37_655)).Then<StoredValueRefunded>().GiftWithdrawn.ShouldBe(new Money(4_519));
        story.State.StoredValue.ShouldBe(StoredValue.Zero);
    }

    [Fact]
    public void A_frozen_card_pays_nothing_in_out_or_for_goods_but_takes_back_what_returns()
    {
        var story = Given(Plain, TopUp(50_000), Pay("R1", 1_000, 1_000), Freeze("lost"));
        story.When(Pay("R2", 1_000, 1)).ThenRejected(CustomerRejections.StoredValueFrozen, "useStoredValueMinor");
        story.When(TopUp(1)).ThenRejected(CustomerRejections.StoredValueFrozen);
        story.When(Refund(1)).ThenRejected(CustomerRejections.StoredValueFrozen);
        story.When(Freeze("again")).Last.Events.ShouldBeEmpty();
        story.When(ReturnAll("R1")).Then<LinesReturned>().StoredValueBack.Sum().ShouldBe(new Money(1_000));
        story.When(Release("found")).Then<StoredValueReleased>();
        story.When(Pay("R2", 1_000, 1_000)).Then<PurchaseRecorded>();
        story.When(Release("again")).Last.Events.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_wrong_is_refused_with_its_number()
    {
        Given().When(TopUp(100)).ThenRejected(CustomerRejections.StoredValueNotOffered);
        Stranger(Plain).When(TopUp(100)).ThenRejected(CustomerRejections.NotEnrolled);
        var story = Given(Plain, TopUp(50_000));
        story.When(TopUp(0)).ThenRejected(CustomerRejections.StoredValueAmountInvalid, "amountMinor");
        story.When(TopUp(-1)).ThenRejected(CustomerRejections.StoredValueAmountInvalid, "amountMinor");
        story.When(TopUp(Limits.AmountMinorMax + 1)).ThenRejected(CustomerRejections.StoredValueAmountInvalid, "amountMinor");
        story.When(Pay("R1", 1_000, -1)).ThenRejected(CustomerRejections.StoredValueAmountInvalid, "useStoredValueMinor");
        story.When(Pay("R1", 100_000, 56_001)).ThenRejected(CustomerRejections.NotEnoughStoredValue, "useStoredValueMinor");
        story.When(Pay("R1", 1_000, 1_001)).ThenRejected(CustomerRejections.StoredValueExceedsAmount, "useStoredValueMinor");
        story.When(Refund(50_001)).ThenRejected(CustomerRejections.RefundExceedsPrincipal, "amountMinor");
        story.When(Freeze(" ")).ThenRejected(CustomerRejections.ReasonInvalid, "reason");
        Given(With("""{"balanceMaxMinor":50000}"""), TopUp(49_999)).When(TopUp(2)).ThenRejected(CustomerRejections.StoredValueTooMuch, "amountMinor");
        Given(With("""{"refunds":false}"""), TopUp(100)).When(Refund(1)).ThenRejected(CustomerRejections.StoredValueNotRefunded);
    }

    [Fact]
    public void What_is_there_is_spent_and_refunded_after_the_programme_offers_none()
    {
        var story = Given(Plain, TopUp(50_000));
        story.Programme = DomainProgrammes.Plain;
        story.When(Pay("R1", 5_600, 5_600)).Then<PurchaseRecorded>();
        story.When(Refund(45_000)).Then<StoredValueRefunded>();
        story.State.StoredValue.ShouldBe(StoredValue.Zero);
    }

    [Fact]
    public void Goods_that_come_back_one_by_one_give_the_same_as_at_once()
    {
        // 40 pieces of 0.10: 1.10 paid by the gift, 1.10 by the principal, 1.80 in money. One by one, the smallest part of each piece is less than a fen.
        var programme = With("""{"topUps":[{"atLeastMinor":110,"giftMinor":110}]}""");
        var story = Given(programme, TopUp(110), But(BuyLines("R1", [Line(1, 400, milli: 40_000)]), sale => sale with { UseStoredValue = new Money(220) }));
        for (var i = 0; i < 20; i++) story.And(Return("R1", [(1, 1_000)]));
        var half = Given(programme, TopUp(110), But(BuyLines("R1", [Line(1, 400, milli: 40_000)]), sale => sale with { UseStoredValue = new Money(220) }), Return("R1", [(1, 20_000)]));
        (story.State.StoredValue, half.State.StoredValue).ShouldBe((new StoredValue(new Money(55), new Money(55)), new StoredValue(new Money(55), new Money(55))));
    }

    [Fact]
    public void What_the_sale_earned_is_taken_back_by_the_rules_of_the_sale_though_the_gift_earns_since()
    {
        var sale = But(BuyLines("R1", [Line(1, 56_000, milli: 2_000)]), bought => bought with { UseStoredValue = new Money(56_000) });
        var story = Given(Plain, TopUp(50_000), sale);
        story.State.Balance.ShouldBe(new Points(500));
        story.Programme = With("""{"giftEarns":true}""");
        story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(250));
        story.Programme = DomainProgrammes.Plain;
        story.When(ReturnAll("R1")).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(250));
        (story.State.Balance, story.State.StoredValue).ShouldBe((Points.Zero, new StoredValue(new Money(50_000), new Money(6_000))));
    }

    [Fact]
    public void Nothing_is_paid_out_when_only_the_gift_is_left()
    {
        var story = Given(With("""{"spend":"principalFirst","topUps":[{"atLeastMinor":50000,"giftMinor":6000}]}"""), TopUp(50_000), Pay("R1", 50_000, 50_000));
        story.State.StoredValue.ShouldBe(new StoredValue(Money.Zero, new Money(6_000)));
        story.When(Refund(1)).ThenRejected(CustomerRejections.RefundExceedsPrincipal, "amountMinor");
        story.When(Pay("R2", 6_000, 6_000)).Then<PurchaseRecorded>().StoredValueUsed.ShouldBe(new StoredValue(Money.Zero, new Money(6_000)));
    }

    [Fact]
    public void A_receipt_of_nothing_takes_nothing_from_the_card_and_a_line_of_nothing_gives_nothing_back()
    {
        var story = Given(Plain, TopUp(50_000));
        story.When(Pay("R0", 0, 1)).ThenRejected(CustomerRejections.StoredValueExceedsAmount, "useStoredValueMinor");
        story.And(Pay("R0", 0, 0), ReturnAll("R0"));
        story.And(But(BuyLines("R1", [Line(1, 0), Line(2, 5_600)]), sale => sale with { UseStoredValue = new Money(5_600) }));
        story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>().StoredValueBack.ShouldBe(StoredValue.Zero);
        story.When(Return("R1", [(2, 1_000)])).Then<LinesReturned>().StoredValueBack.ShouldBe(new StoredValue(new Money(5_000), new Money(600)));
    }

    [Fact]
    public void The_largest_amounts_are_shared_out_without_overflow()
    {
        var most = Limits.AmountMinorMax;
        var story = Given(With($$"""{"topUps":[{"atLeastMinor":1,"giftMinor":{{most}}}]}"""), [.. Enumerable.Repeat(TopUp(most), 50)]);
        story.When(TopUp(1)).ThenRejected(CustomerRejections.StoredValueTooMuch, "amountMinor");
        story.When(Pay("R1", most, most)).Then<PurchaseRecorded>().StoredValueUsed.ShouldBe(new StoredValue(new Money(most / 2), new Money(most / 2)));
        story.When(Refund(most)).Then<StoredValueRefunded>().GiftWithdrawn.ShouldBe(new Money(most));
        story.And(ReturnAll("R1"));
        story.State.StoredValue.ShouldBe(new StoredValue(new Money(49 * most), new Money(49 * most)));
    }

    [Theory]
    [InlineData("""{"spend":"first"}""", 408, "storedValue.spend")]
    [InlineData("""{"topUps":[{"atLeastMinor":5}]}""", 404, "storedValue.topUps[0].giftMinor")]
    [InlineData("""{"topUps":[{"atLeastMinor":5,"giftMinor":1},{"atLeastMinor":5,"giftMinor":1}]}""", 425, "storedValue.topUps[1].atLeastMinor")]
    [InlineData("""{"bonus":1}""", 402, "storedValue.bonus")]
    [InlineData("""{"balanceMaxMinor":0}""", 407, "storedValue.balanceMaxMinor")]
    public void A_mistake_in_the_document_is_named(string section, int code, string field)
    {
        var document = JsonNode.Parse(Programme.BuiltIn.Document)!;
        document["storedValue"] = JsonNode.Parse(section);
        Programme.Compile(document.ToJsonString(), 1).Errors.Select(error => (error.Code, error.Field)).ShouldBe([(code, (string?)field)]);
    }

    [Fact]
    public void Principal_and_gift_are_what_the_entries_add_up_to_and_no_part_of_a_receipt_gives_back_more_than_it_got() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        numbers =>
        {
            var story = Given(With($$"""{"spend":"{{(numbers.Length % 3) switch { 0 => "proportional", 1 => "giftFirst", _ => "principalFirst" }}}","giftEarns":{{(numbers.Length % 2 == 0 ? "true" : "false")}},"topUps":[{"atLeastMinor":1000,"giftMinor":777}]}"""), Adjust(5_000));
            for (var i = 0; i < numbers.Length; i++)
            {
                var number = numbers[i] & int.MaxValue;
                story.When((number % 7) switch
                {
                    0 or 1 => TopUp(1 + (number % 20_000)),
                    2 or 3 => Mixed($"R{i}", number),
                    4 => Refund(1 + (number % 5_000)),
                    5 => number % 3 == 0 ? Freeze("f") : Release("r"),
                    _ => Back(number),
                });
                Sum(story).ShouldBe(story.State.StoredValue);
                (story.State.StoredValue.Principal >= Money.Zero && story.State.StoredValue.Gift >= Money.Zero).ShouldBeTrue();
                if (story.Last.Events.OfType<LinesReturned>().SingleOrDefault() is { } back) MoneyBackHolds(story, back);
            }

            foreach (var sold in story.Events.OfType<PurchaseRecorded>().ToList()) story.When(ReturnAll(sold.Receipt));
            foreach (var sold in story.Events.OfType<PurchaseRecorded>())
                LastOf(story, sold).StoredValueBackSoFar.ShouldBe(sold.StoredValueUsed);
            CustomerStory.Print(CustomerState.Import(story.State.Export())).ShouldBe(CustomerStory.Print(story.State));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(60));

    /// <summary>Money that goes back is never negative, and never more than was paid in money.</summary>
    private static void MoneyBackHolds(CustomerStory story, LinesReturned back)
    {
        var sold = story.Events.OfType<PurchaseRecorded>().Single(sold => sold.Receipt == back.PurchaseReceipt);
        var returns = story.Events.OfType<LinesReturned>().Where(each => each.PurchaseReceipt == back.PurchaseReceipt).ToList();
        var now = back.Amount - back.PointsValue - back.StoredValueBack.Sum();
        (now >= Money.Zero).ShouldBeTrue();
        (back.StoredValueBack.Principal >= Money.Zero && back.StoredValueBack.Gift >= Money.Zero).ShouldBeTrue();
        var inMoney = returns.Sum(each => (each.Amount - each.PointsValue - each.StoredValueBack.Sum()).Minor);
        inMoney.ShouldBeLessThanOrEqualTo((sold.Amount - sold.PointsValue - sold.StoredValueUsed.Sum()).Minor);
        back.StoredValueBackSoFar.Principal.ShouldBeLessThanOrEqualTo(sold.StoredValueUsed.Principal);
        back.StoredValueBackSoFar.Gift.ShouldBeLessThanOrEqualTo(sold.StoredValueUsed.Gift);
        // By exact fractions of what came back in all, less than a fen from each part.
        var (soFar, whole) = (returns.Sum(each => (each.Amount - each.PointsValue).Minor), (sold.Amount - sold.PointsValue).Minor);
        if (whole == 0) return;
        Math.Abs(back.StoredValueBackSoFar.Sum().Minor - (sold.StoredValueUsed.Sum().Minor * (decimal)soFar / whole)).ShouldBeLessThan(1);
        Math.Abs(back.StoredValueBackSoFar.Gift.Minor - (sold.StoredValueUsed.Gift.Minor * (decimal)soFar / whole)).ShouldBeLessThan(2);
    }

    private static LinesReturned LastOf(CustomerStory story, PurchaseRecorded sold) => story.Events.OfType<LinesReturned>().Last(back => back.PurchaseReceipt == sold.Receipt);

    private static StoredValue Sum(CustomerStory story) => story.Events.Aggregate(StoredValue.Zero, (sum, happened) => happened switch
    {
        StoredValueToppedUp e => sum + new StoredValue(e.Amount, e.Gift),
        StoredValueRefunded e => sum - new StoredValue(e.Amount, e.GiftWithdrawn),
        PurchaseRecorded e => sum - e.StoredValueUsed,
        LinesReturned e => sum + e.StoredValueBack,
        _ => sum,
    });

    private static Act Mixed(string receipt, int number) => story =>
    {
        var lines = RandomHistory.LinesOf(number);
        var amount = lines.Sum(line => (line.Price - line.Discount).Minor);
        var points = Math.Min(amount, Math.Min(story.State.SpendableAt(story.Now).Count, number % 900));
        var card = story.State.IsStoredValueFrozen ? 0 : Math.Min(amount - points, Math.Min(story.State.StoredValue.Sum().Minor, number % 50_000));
        return But(BuyLines(receipt, lines, use: points), sale => sale with { UseStoredValue = new Money(card) })(story);
    };

    private static Act Back(int number) => story =>
    {
        var sold = story.Events.OfType<PurchaseRecorded>().ToList();
        if (sold.Count == 0) return Wake()(story);
        var purchase = sold[number % sold.Count];
        var line = purchase.Lines[number % purchase.Lines.Count];
        return Return(purchase.Receipt, [(line.Line, line.Quantity.Milli == 0 ? 0 : 1 + (number % line.Quantity.Milli))])(story);
    };

    private static Act Pay(string receipt, long amount, long fromCard) => But(Buy(receipt, amount), sale => sale with { UseStoredValue = new Money(fromCard) });

    private static Programme With(string section) => DomainProgrammes.PlainWith(document => document["storedValue"] = JsonNode.Parse(section));
}
