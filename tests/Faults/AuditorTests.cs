using System.Text;
using System.Text.Json;
using ChainCrm.Faults.Audit;
using Shouldly;
using Xunit;

namespace ChainCrm.Faults;

/// <summary>The auditor notices what it is there for, and knows nothing of the code it judges.</summary>
public sealed class AuditorTests
{
    private static readonly Entry Enrolled = Row(1, 1, "hq/e", """{"t":"customer.enrolled.1","d":{}}""");
    private static readonly Entry Bought = Row(2, 2, "S1/r1", """{"t":"customer.purchase-recorded.2","d":{"b":12}}""");
    private static readonly Entry Given = Row(3, 3, "hq/a1", """{"t":"customer.points-adjusted.1","d":{"balance":17}}""");

    private static readonly Answer[] Answers =
    [
        Said("hq/e", Kind.Enrolment, 0, """{"id":"anna","version":1}"""),
        Said("S1/r1", Kind.Purchase, 12, """{"customer":"anna","balance":12,"version":2}"""),
        Said("hq/a1", Kind.Adjustment, 5, """{"customer":"anna","balance":17,"version":3}"""),
    ];

    [Fact]
    public void What_was_acknowledged_and_recorded_once_is_fine() => JournalAudit.Compare([Enrolled, Bought, Given], Answers).Lines().ShouldBeEmpty();

    [Fact]
    public void An_acknowledged_command_that_is_not_recorded_is_lost() =>
        JournalAudit.Compare([Enrolled, Bought], Answers).Lost.ShouldHaveSingleItem().ShouldStartWith("hq/a1");

    [Fact]
    public void A_command_recorded_for_two_customers_is_doubled() =>
        JournalAudit.Compare([Enrolled, Bought, Given, new Entry(4, "main/customer/bert", 1, "S1/r1", Bought.Data)], Answers).Doubled.ShouldHaveSingleItem().ShouldStartWith("S1/r1");

    [Fact]
    public void A_command_recorded_twice_in_its_stream_is_doubled() =>
        JournalAudit.Compare([Enrolled, Bought, Given, Bought with { Position = 4, Version = 4 }], Answers).Doubled.Count.ShouldBe(2);

    [Fact]
    public void A_record_that_nobody_was_told_of_is_a_finding() =>
        JournalAudit.Compare([Enrolled, Bought, Given], Answers[..2]).Doubled.ShouldHaveSingleItem().ShouldContain("nobody was told so");

    [Fact]
    public void A_refused_command_that_is_recorded_is_wrong() =>
        JournalAudit.Compare([Enrolled, Bought, Given], [.. Answers[..2], Answers[2] with { Refusal = 141, Reply = null }]).Wrong.ShouldHaveSingleItem().ShouldContain("141");

    [Fact]
    public void A_balance_that_the_answers_do_not_come_to_is_wrong() =>
        JournalAudit.Compare([Enrolled, Bought, Given], [.. Answers[..2], Answers[2] with { Points = 6 }]).Wrong.ShouldHaveSingleItem().ShouldContain("come to 18");

    [Fact]
    public void A_record_with_another_balance_than_the_answer_is_wrong() =>
        JournalAudit.Compare([Enrolled, Bought, Row(3, 3, "hq/a1", """{"t":"customer.points-adjusted.1","d":{"balance":18}}""")], Answers).Wrong.ShouldHaveSingleItem().ShouldContain("18");

    [Fact]
    public void A_purchase_with_another_balance_than_the_answer_is_wrong() =>
        JournalAudit.Compare([Enrolled, Row(2, 2, "S1/r1", """{"t":"customer.purchase-recorded.2","d":{"b":13}}"""), Given], Answers).Wrong.ShouldHaveSingleItem().ShouldContain("13");

    [Fact]
    public void A_hole_among_the_positions_is_wrong() =>
        JournalAudit.Compare([Enrolled, Bought, Given with { Position = 4 }], Answers).Wrong.ShouldHaveSingleItem().ShouldContain("position 3 is missing");

    [Fact]
    public void A_command_recorded_before_the_server_came_back_counts_as_found()
    {
        JournalAudit.Compare([Enrolled, Bought, Given], [.. Answers[..2], Answers[2] with { HeadAtRetry = 3 }]).Found.ShouldBe(1);
        JournalAudit.Compare([Enrolled, Bought, Given], [.. Answers[..2], Answers[2] with { HeadAtRetry = 2 }]).Found.ShouldBe(0);
    }

    [Fact]
    public void The_auditor_uses_nothing_of_the_product() =>
        typeof(JournalAudit).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("ChainCrm.", StringComparison.Ordinal) || name == "chaincrm").ShouldBe(["ChainCrm.TestKit"]);

    private static Entry Row(long position, long version, string command, string happened) =>
        new(position, "main/customer/anna", version, command, Encoding.UTF8.GetBytes($$"""{"f":1,"p":1,"e":[{{happened}}]}"""));

    private static Answer Said(string command, Kind kind, long points, string reply) =>
        new(command, kind.ToString(), kind == Kind.Enrolment ? null : "anna", points, 0, -1, null, JsonSerializer.Deserialize<JsonElement>(reply));
}
