using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;
using Shouldly;
using static ChainCrm.TestKit.Domain.CustomerActs;
using static ChainCrm.TestKit.Domain.CustomerStory;

namespace ChainCrm.Domain.Tests.Customers;

public class ReturnTests
{
    private static readonly Act ThreeLines = BuyLines("R1", [Line(1, 3_333, milli: 3_000), Line(2, 9_999, discount: 100, milli: 350), Line(5, 250, milli: 0)]);

    [Fact]
    public void Everything_of_a_receipt_comes_back_when_no_line_is_named()
    {
        var story = Given(ThreeLines);
        var back = story.When(ReturnAll("R1")).Then<LinesReturned>();
        back.Amount.ShouldBe(new Money(13_482));
        back.PointsTakenBack.ShouldBe(new Points(134));
        back.Lines.Select(line => line.Line).ShouldBe([1, 2, 5]);
        (story.State.Balance, story.State.LifetimeSpend, story.State.Debt).ShouldBe((Points.Zero, Money.Zero, Points.Zero));
    }

    [Fact]
    public void A_part_takes_its_part_of_points_and_money()
    {
        var back = Given(ThreeLines).When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        back.Amount.ShouldBe(new Money(1_111));
        back.PointsTakenBack.ShouldBe(new Points(11));
        back.Lines.Single().QuantitySoFar.ShouldBe(new Quantity(1_000));
    }

    [Fact]
    public void The_last_part_takes_the_remainder()
    {
        var story = Given(ThreeLines, Return("R1", [(1, 1_000)]), Return("R1", [(1, 1_000)]));
        story.When(Return("R1", [(1, 1_000)]));
        story.Events.OfType<LinesReturned>().Sum(back => back.Amount.Minor).ShouldBe(3_333);
        story.Events.OfType<LinesReturned>().Sum(back => back.PointsTakenBack.Count).ShouldBe(33);
    }

    [Fact]
    public void Each_return_carries_what_came_back_so_far()
    {
        var story = Given(ThreeLines, Return("R1", [(1, 1_000)]), Return("R1", [(2, 350)]));
        var lines = story.Then<LinesReturned>().Lines;
        lines.Select(line => (line.Line, line.Quantity.Milli, line.QuantitySoFar.Milli)).ShouldBe([(1, 0, 1_000), (2, 350, 350)]);
        lines[0].AmountSoFar.ShouldBe(new Money(1_111));
    }

    [Fact]
    public void The_rest_comes_back_after_parts()
    {
        var story = Given(ThreeLines, Return("R1", [(1, 2_000), (5, 0)]), ReturnAll("R1"));
        story.State.LifetimeSpend.ShouldBe(Money.Zero);
        story.State.Balance.ShouldBe(Points.Zero);
    }

    [Fact]
    public void More_than_was_bought_is_refused() =>
        Given(ThreeLines).When(Return("R1", [(1, 3_001)])).ThenRejected(CustomerRejections.ReturnsTooMuch, "lines[0].quantity");

    [Fact]
    public void More_than_is_left_is_refused() =>
        Given(ThreeLines, Return("R1", [(1, 2_500)])).When(Return("R1", [(1, 501)])).ThenRejected(CustomerRejections.ReturnsTooMuch);

    [Fact]
    public void A_line_does_not_come_back_twice() =>
        Given(ThreeLines, Return("R1", [(1, 3_000)])).When(Return("R1", [(1, 1)])).ThenRejected(CustomerRejections.AlreadyReturned, "lines[0].line");

    [Fact]
    public void A_receipt_does_not_come_back_twice() =>
        Given(ThreeLines, ReturnAll("R1")).When(ReturnAll("R1")).ThenRejected(CustomerRejections.AlreadyReturned, "purchaseReceipt");

    [Fact]
    public void A_line_that_is_not_on_the_receipt_is_refused() =>
        Given(ThreeLines).When(Return("R1", [(1, 1_000), (3, 1_000)])).ThenRejected(CustomerRejections.UnknownLine, "lines[1].line");

    [Fact]
    public void A_receipt_of_another_customer_is_refused() =>
        Given(ThreeLines).When(ReturnAll("R9")).ThenRejected(CustomerRejections.UnknownReceipt);

    [Fact]
    public void The_same_receipt_number_of_another_store_is_another_receipt()
    {
        var story = Given(Buy("R1", 1_000), Buy("R1", 2_000, "S2"));
        story.When(ReturnAll("R1", "S2")).Then<LinesReturned>().Amount.ShouldBe(new Money(2_000));
        story.When(ReturnAll("R1")).Then<LinesReturned>().Amount.ShouldBe(new Money(1_000));
    }

    [Fact]
    public void A_line_without_quantity_comes_back_whole_or_not_at_all()
    {
        var story = Given(ThreeLines);
        story.When(Return("R1", [(5, 1)])).ThenRejected(CustomerRejections.LineReturnsWhole);
        story.When(Return("R1", [(5, 0)])).Then<LinesReturned>().Amount.ShouldBe(new Money(250));
        story.When(Return("R1", [(5, 0)])).ThenRejected(CustomerRejections.AlreadyReturned);
    }

    [Fact]
    public void Nothing_of_a_line_is_not_a_return() =>
        Given(ThreeLines).When(Return("R1", [(1, 0)])).ThenRejected(CustomerRejections.ReturnQuantityInvalid);

    [Fact]
    public void The_same_line_named_twice_is_refused() =>
        Given(ThreeLines).When(Return("R1", [(1, 1_000), (1, 1_000)])).ThenRejected(CustomerRejections.LineTwice, "lines[1].line");

    [Fact]
    public void A_return_after_the_window_is_refused()
    {
        var programme = DomainProgrammes.PlainWith(d => d["purchases"]!["returnWindowDays"] = 30);
        var story = Given(programme, Buy("R1", 1_000), Days(31));
        story.When(ReturnAll("R1")).ThenRejected(CustomerRejections.OutsideReturnWindow);
        story.And(Days(-1)).When(ReturnAll("R1")).Then<LinesReturned>();
    }

    [Fact]
    public void A_return_before_the_sale_is_refused() =>
        Given(Buy("R1", 1_000), Days(-1)).When(ReturnAll("R1")).ThenRejected(CustomerRejections.ReturnBeforeSale);

    [Fact]
    public void Points_are_taken_from_the_lot_of_the_receipt_first()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(40), Buy("R2", 10_000));
        story.When(ReturnAll("R2")).Then<LinesReturned>().LotsTaken.Single().Lot.ShouldBe(2);
    }

    [Fact]
    public void What_was_spent_is_taken_from_other_lots_in_burn_order_then_becomes_debt()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(40), Buy("R2", 20_000), Redeem(250));
        var back = story.When(ReturnAll("R1")).Then<LinesReturned>();
        back.LotsTaken.Select(part => (part.Lot, part.Points.Count)).ShouldBe([(2, 50)]);
        back.DebtAdded.ShouldBe(new Points(50));
        story.State.Balance.ShouldBe(new Points(-50));
    }

    [Fact]
    public void Without_negative_balance_taking_back_stops_at_zero()
    {
        var programme = DomainProgrammes.PlainWith(d => d["points"]!["negativeBalance"] = false);
        var back = Given(programme, Buy("R1", 10_000), Redeem(70)).When(ReturnAll("R1")).Then<LinesReturned>();
        (back.PointsTakenBack, back.PointsForgiven, back.DebtAdded, back.Balance).ShouldBe((new Points(30), new Points(70), Points.Zero, Points.Zero));
    }

    [Fact]
    public void Debt_is_paid_first_by_what_comes_next()
    {
        var story = Given(Buy("R1", 10_000), Redeem(100), ReturnAll("R1"));
        story.State.Debt.ShouldBe(new Points(100));
        var recorded = story.When(Buy("R2", 15_000)).Then<PurchaseRecorded>();
        (recorded.DebtPaid, recorded.Balance).ShouldBe((new Points(100), new Points(50)));
        story.State.Lots[0].Remaining.ShouldBe(new Points(50));
    }

    [Fact]
    public void What_paid_debt_becomes_debt_again()
    {
        var story = Given(Buy("R1", 10_000), Redeem(100), ReturnAll("R1"), Buy("R2", 15_000));
        var back = story.When(ReturnAll("R2")).Then<LinesReturned>();
        (back.PointsTakenBack, back.DebtAdded).ShouldBe((new Points(150), new Points(100)));
        story.State.Balance.ShouldBe(new Points(-100));
    }

    [Fact]
    public void Points_that_paid_come_back_with_their_old_end()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(40));
        var end = story.State.NextExpiry;
        var back = story.And(Buy("R2", 50_000, use: 100)).When(ReturnAll("R2")).Then<LinesReturned>();
        (back.PointsGivenBack, back.PointsValue).ShouldBe((new Points(100), new Money(100)));
        back.LotsGivenBack.Single().ExpiresAt.ShouldBe(end);
        story.State.Balance.ShouldBe(new Points(100));
        story.State.NextExpiry.ShouldBe(end);
    }

    [Fact]
    public void Points_come_back_in_proportion_and_in_the_end_all()
    {
        var story = Given(Adjust(100), BuyLines("R1", [Line(1, 999, milli: 3_000)], use: 100));
        var parts = Enumerable.Range(0, 3).Select(_ => story.When(Return("R1", [(1, 1_000)])).Then<LinesReturned>()).ToList();
        parts.Select(back => back.PointsGivenBack.Count).ShouldBe([33, 33, 34]);
        parts.Sum(back => back.PointsValue.Minor).ShouldBe(100);
        story.State.Balance.ShouldBe(new Points(100));
    }

    [Fact]
    public void Points_that_would_be_over_come_back_with_a_grace()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(360), Buy("R2", 50_000, use: 100), Days(100));
        var granted = story.When(ReturnAll("R2")).Then<LinesReturned>().LotsGivenBack.Single();
        granted.ExpiresAt.ShouldBe(new Timestamp(story.Now.UnixMs + (7 * 86_400_000L)));
    }

    [Fact]
    public void Those_that_end_last_come_back_first()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(40), Buy("R2", 10_000));
        var late = story.State.Lots[1].ExpiresAt;
        story.And(BuyLines("R3", [Line(1, 20_000, milli: 2_000)], use: 200));
        story.When(Return("R3", [(1, 1_000)])).Then<LinesReturned>().LotsGivenBack.Single().ExpiresAt.ShouldBe(late);
    }

    [Fact]
    public void Points_that_come_back_pay_debt_first()
    {
        var story = Given(Adjust(100), Buy("R1", 10_000), Buy("R2", 50_000, use: 150), Redeem(50), Redeem(498), ReturnAll("R1"));
        story.State.Balance.ShouldBe(new Points(-100));
        var back = story.When(ReturnAll("R2")).Then<LinesReturned>();
        (back.PointsTakenBack, back.DebtAdded, back.PointsGivenBack, back.DebtPaid).ShouldBe((new Points(498), new Points(498), new Points(150), new Points(150)));
        story.State.Balance.ShouldBe(new Points(-448));
    }

    [Fact]
    public void Points_that_expired_are_not_taken_a_second_time()
    {
        var story = Given(Programme.BuiltIn, Buy("R1", 10_000), Days(400), Buy("R2", 10_000));
        var back = story.When(ReturnAll("R1")).Then<LinesReturned>();
        (back.PointsTakenBack, back.PointsForgiven).ShouldBe((Points.Zero, new Points(100)));
        story.State.Balance.ShouldBe(new Points(100));
    }

    [Fact]
    public void What_paid_debt_is_taken_even_after_the_lot_expired()
    {
        var story = Given(Programme.BuiltIn, Adjust(-30), Buy("R1", 10_000), Days(400), Buy("R2", 10_000));
        story.When(ReturnAll("R1")).Then<LinesReturned>().PointsTakenBack.ShouldBe(new Points(30));
        story.State.Balance.ShouldBe(new Points(70));
    }

    [Fact]
    public void The_goods_value_is_split_into_points_and_money()
    {
        var back = Given(Adjust(400), BuyLines("R1", [Line(1, 1_000), Line(2, 3_000)], use: 400)).When(Return("R1", [(1, 1_000)])).Then<LinesReturned>();
        (back.Amount, back.PointsValue, back.PointsGivenBack).ShouldBe((new Money(1_000), new Money(100), new Points(100)));
    }

    [Fact]
    public void After_too_many_returned_receipts_old_ones_are_refused_and_never_counted_twice()
    {
        var story = Given();
        for (var i = 0; i <= Limits.ReturnedReceiptsMax; i++) story.And(Buy($"R{i}", 100), ReturnAll($"R{i}"), Days(1));
        story.When(ReturnAll("R0")).ThenRejected(CustomerRejections.ReturnsForgotten);
        story.When(ReturnAll("R1")).ThenRejected(CustomerRejections.AlreadyReturned);
        story.And(Buy("RN", 100)).When(ReturnAll("RN")).Then<LinesReturned>();
    }

    [Fact]
    public void Facts_that_do_not_fit_the_state_are_a_mistake_in_the_program()
    {
        var story = Given(ThreeLines, Return("R1", [(1, 1_000)]));
        var purchase = story.Events.OfType<PurchaseRecorded>().Single();
        var command = (ReturnLines)Return("R1", [(1, 1_000)])(story)! with { Purchase = purchase };
        Should.Throw<InvalidOperationException>(() => CustomerDecider.Decide(story.State, command, story.Programme));
    }
}
