using ChainCrm.Client.Replay;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Replay;

public sealed class PlanBuilderTests
{
    private const string Header = "who,shop,no,sku,qty,paid,off,when\n";
    private const string Invoices = "invoice_no,customer_id,invoice_date,country,lines,units,amount_gbp,is_cancellation\n";

    private static readonly ColumnMapping Mapping = new()
    {
        Customer = "who", Store = "shop", Receipt = "no", Product = "sku", Quantity = "qty", Amount = "paid", Discounts = ["off"], Time = "when",
    };

    [Fact]
    public void Rows_of_one_receipt_are_one_purchase_with_its_lines_as_they_are()
    {
        var plan = Build(Header + "7,S1,R1,A,2,3.50,0.25,2017-01-01T10:00:00\n7,S1,R1,B,1,1,,2017-01-01T10:00:00\n");

        var purchase = plan.Operations.ShouldHaveSingleItem().ShouldBeOfType<PurchaseOperation>();
        (purchase.Customer, purchase.Store, purchase.Receipt).ShouldBe(("7", "S1", "R1"));
        purchase.OccurredAt.ShouldBe(new DateTimeOffset(2017, 1, 1, 10, 0, 0, TimeSpan.FromHours(8)));
        purchase.Lines.Select(line => (line.Line, line.Product, line.Quantity, line.PriceMinor, line.DiscountMinor))
            .ShouldBe([(1, "A", 2m, 375L, 25L), (2, "B", 1m, 100L, 0L)]);
    }

    [Fact]
    public void The_same_receipt_number_at_two_stores_is_two_purchases() =>
        Build(Header + "7,S1,R1,A,1,1,,2017-01-01\n7,S2,R1,A,1,1,,2017-01-01\n").Operations.Count.ShouldBe(2);

    [Fact]
    public void Lines_that_are_not_adjacent_still_make_one_purchase_and_are_counted()
    {
        var plan = Build(Header + "7,S1,R1,A,1,1,,2017-01-01\n8,S1,R2,A,1,1,,2017-01-01\n7,S1,R1,B,1,1,,2017-01-01\n7,S1,R1,C,1,1,,2017-01-01\n");

        plan.Operations.Count.ShouldBe(2);
        plan.Operations.OfType<PurchaseOperation>().First().Lines.Count.ShouldBe(3);
        plan.Quirks[Quirks.NotAdjacent].ShouldBe(1);
    }

    [Fact]
    public void Operations_come_in_the_order_of_time_and_those_of_one_time_in_the_order_of_the_file()
    {
        var plan = Build(Header + "7,S1,R3,A,1,1,,2017-01-03\n7,S1,R1,A,1,1,,2017-01-01\n7,S1,R2,A,1,1,,2017-01-01\n");

        plan.Operations.Select(operation => operation.Receipt).ShouldBe(["R1", "R2", "R3"]);
    }

    [Fact]
    public void The_home_store_is_the_store_of_the_first_purchase_in_time()
    {
        var plan = Build(Header + "7,S2,R2,A,1,1,,2017-01-02\n7,S1,R1,A,1,1,,2017-01-01\n");

        plan.Customers.ShouldBe([("7", "S1")]);
        plan.Stores.ShouldBe(["S1", "S2"]);
    }

    [Fact]
    public void Quirks_are_counted_and_nothing_is_left_out()
    {
        var plan = Build(Header
            + "7,S1,R1,A,0,0,0.50,2017-01-01\n"
            + "7,S1,R1,FUEL,32623,40.1,,2017-01-01\n"
            + ",S1,R2,,1,0,,2017-01-01\n"
            + "7,S1,R3,A,-2,-5,,2017-01-01\n");

        plan.Lines.ShouldBe(4);
        plan.Quirks[Quirks.ZeroQuantity].ShouldBe(1);
        plan.Quirks[Quirks.ZeroAmount].ShouldBe(2);
        plan.Quirks[Quirks.LargeQuantity].ShouldBe(1);
        plan.Quirks[Quirks.NoProduct].ShouldBe(1);
        plan.Quirks[Quirks.WalkIns].ShouldBe(1);
        plan.Quirks[Quirks.NegativeQuantity].ShouldBe(1);
        plan.Quirks[Quirks.NegativeAmount].ShouldBe(1);
        plan.Quirks[Quirks.ZeroReceipts].ShouldBe(2);
        plan.Quirks[Quirks.BadRows].ShouldBe(0);
    }

    [Fact]
    public void Bad_rows_are_named_by_their_line_and_the_others_stay()
    {
        var plan = Build(Header
            + "7,S1,R1,A,1,1,,2017-01-01\n"
            + "7,S1,R2,A,one,1,,2017-01-01\n"
            + "7,S1,R3,A,1,?,,2017-01-01\n"
            + "7,S1,,A,1,1,,2017-01-01\n"
            + "7,S1,R4,A,1,1,,sometime\n"
            + "9,S1,R1,A,1,1,,2017-01-01\n");

        plan.Operations.Count.ShouldBe(1);
        plan.BadRows.Select(row => row.Line).ShouldBe([3, 4, 5, 6, 7]);
        plan.BadRows[^1].Reason.ShouldContain("another customer on line 2");
        plan.Quirks[Quirks.BadRows].ShouldBe(5);
    }

    [Fact]
    public void Times_are_shifted_by_days()
    {
        var plan = Build(Header + "7,S1,R1,A,1,1,,2017-01-01T10:00:00\n", shiftDays: 365);

        plan.Operations[0].OccurredAt.ShouldBe(new DateTimeOffset(2018, 1, 1, 10, 0, 0, TimeSpan.FromHours(8)));
    }

    [Fact]
    public void A_column_the_file_does_not_have_is_named_with_those_it_has() =>
        Should.Throw<CsvException>(() => Build("who,shop,no\n1,2,3\n")).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("'sku'"),
            message => message.ShouldContain("who, shop, no"));

    [Fact]
    public void A_cancellation_takes_back_the_newest_purchase_that_is_exactly_its_opposite_and_each_only_once()
    {
        var plan = BuildInvoices(Invoices
            + "1,7,2011-01-01,UK,1,5,10.5,0\n"
            + "2,7,2011-01-02,UK,1,5,10.50,0\n"
            + "C3,7,2011-01-03,UK,1,-5,-10.5,1\n"
            + "C4,7,2011-01-04,UK,1,-5,-10.5,1\n"
            + "C5,7,2011-01-05,UK,1,-5,-10.5,1\n"
            + "C6,8,2011-01-06,UK,1,-5,-10.5,1\n");

        plan.Operations.OfType<ReturnOperation>().Select(taken => (taken.Receipt, taken.IsMatched, taken.PurchaseReceipt))
            .ShouldBe([("C3", true, "2"), ("C4", true, "1"), ("C5", false, "5"), ("C6", false, "6")]);
        plan.Quirks[Quirks.Cancellations].ShouldBe(4);
        plan.Quirks[Quirks.CancellationsMatched].ShouldBe(2);
    }

    [Fact]
    public void A_cancellation_before_its_purchase_matches_nothing()
    {
        var plan = BuildInvoices(Invoices + "C1,7,2011-01-01,UK,1,-5,-10.5,1\n2,7,2011-01-02,UK,1,5,10.5,0\n");

        plan.Operations.OfType<ReturnOperation>().Single().IsMatched.ShouldBeFalse();
    }

    [Fact]
    public void Amounts_with_three_decimals_are_rounded_and_counted_with_their_sum()
    {
        var plan = BuildInvoices(Invoices + "1,7,2011-01-01,UK,1,5,2042.761,0\n2,7,2011-01-02,UK,1,5,15.001,0\n");

        plan.Quirks[Quirks.Rounded].ShouldBe(2);
        plan.Quirks.RoundingTotal.ShouldBe(-0.002m);
        plan.Operations.OfType<PurchaseOperation>().Sum(purchase => purchase.Lines[0].PriceMinor).ShouldBe(205_776);
    }

    private static ReplayPlan Build(string text, int shiftDays = 0) =>
        PlanBuilder.Build(new StringReader(text), new PlanOptions { Mapping = Mapping, TimeShiftDays = shiftDays });

    private static ReplayPlan BuildInvoices(string text) =>
        PlanBuilder.Build(new StringReader(text), new PlanOptions { Mapping = ColumnMapping.Presets["online-retail"] });
}
