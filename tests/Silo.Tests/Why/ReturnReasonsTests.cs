using ChainCrm.Client.Wire;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Why;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Silo.Tests.Why;

/// <summary>What a return says of earning rules (docs/domain/why.md).</summary>
public sealed class ReturnReasonsTests
{
    [Fact]
    public void A_rule_that_takes_the_place_of_another_is_told_with_what_it_gives()
    {
        // Of ten goods the second rule gives 7 and the first the 5 of its cap; of five the first gives 5 and the second 3.
        var programme = DomainProgrammes.WithRules(
            """{ "id": "capped", "give": { "kind": "perItem", "points": 1 }, "group": "g", "caps": [ { "per": "month", "points": 5 } ] }""",
            """{ "id": "dearer", "give": { "kind": "perUnit", "points": 0.7 }, "group": "g", "caps": [ { "per": "month", "points": 100 } ] }""");
        var back = CustomerStory.Given(programme, BuyLines("R1", [Line(1, 1_000, milli: 10_000)])).And(Return("R1", [(1, 5_000)])).Then<LinesReturned>();
        var reasons = new List<WhyReason>();

        ReturnReasons.Add(reasons, back, new Names(null!, "main", programme));

        reasons.Select(reason => $"{reason.Code} {reason.Rule}").ShouldBe(["return.taken-back ", "return.rule-instead capped", "return.rule dearer"]);
        reasons[1].En.ShouldBe("For what is kept “Rule” gives 5 points in place of another rule of its group, and uses its cap.");
        reasons[1].Zh.ShouldContain("给 5 分");
    }
}
