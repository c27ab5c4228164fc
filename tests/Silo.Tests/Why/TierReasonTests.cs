using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Silo.Why;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;
using static ChainCrm.TestKit.Domain.CustomerActs;

namespace ChainCrm.Silo.Tests.Why;

/// <summary>What is said of tiers that end (docs/domain/tiers.md, docs/domain/why.md).</summary>
public sealed class TierReasonTests
{
    [Fact]
    public void A_tier_that_is_reached_at_risk_lost_and_kept_is_told_in_both_languages()
    {
        var programme = DomainProgrammes.With(document => document["tierValidity"] = JsonNode.Parse("""{"downgrade":"oneLevel"}"""));
        var names = new Names(null!, "main", programme);
        var story = CustomerStory.Given(programme, Buy("R1", 1_000_000), Days(100), Buy("R2", 200_000), Days(250), Wake(), Days(20), Wake());

        var reached = TierReasons.Of(story.Events.OfType<TierChanged>().First(), names);
        reached.Zh.ShouldEndWith("由普通会员升为金卡会员，有效期至 2025-01-01。");
        reached.En.ShouldEndWith("reaches Gold: up from Member; its last day is 2025-01-01.");

        var forecast = TierReasons.Of(story.Events.OfType<TierForecast>().Single(), names);
        forecast.Code.ShouldBe("tier.forecast-at-risk");
        forecast.Zh.ShouldBe("金卡会员有效期至 2025-01-01，还差 ¥8,000.00 保级；届时未达到将调整为银卡会员。");
        forecast.En.ShouldBe("Gold lasts until 2025-01-01; ¥8,000.00 more would keep it, otherwise it becomes Silver.");

        var missed = TierReasons.Of(story.Events.OfType<TierChanged>().Last(), names);
        missed.Code.ShouldBe("tier.spend-missed");
        missed.Zh.ShouldContain("未达到金卡会员的保级门槛，调整为银卡会员");
        missed.En.ShouldContain("does not reach it again. Now Silver");

        story.And(Buy("R3", 200_000), Days(335), Wake(), Days(40), Wake());
        TierReasons.Of(story.Events.OfType<TierForecast>().Last(), names).Code.ShouldBe("tier.forecast-safe");
        var kept = TierReasons.Of(story.Events.OfType<TierProlonged>().Last(), names);
        (kept.Code, kept.Zh.Contains("银卡会员保级成功", StringComparison.Ordinal), kept.En.Contains("keeps Silver", StringComparison.Ordinal)).ShouldBe(("tier.spend-reached-again", true, true));
    }
}
