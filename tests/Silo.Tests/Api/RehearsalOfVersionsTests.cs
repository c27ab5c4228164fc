using System.Globalization;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Api;

/// <summary>A chain whose clock was changed between two versions, lived again.</summary>
public sealed class RehearsalOfVersionsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task What_an_older_version_decided_is_lived_again_by_the_clock_it_had()
    {
        await PublishAsync("Asia/Shanghai");
        var member = await fixture.MemberAsync();
        // Eleven at night in Shanghai, and morning in New York.
        var at = DateTimeOffset.UtcNow.Date.AddDays(-2).AddHours(15).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        (await fixture.Till.SellAsync("N-1", ApiFixture.Sale(member, "N-1", 10_000, $"\"occurredAt\":\"{at}\","))).Good().Number("pointsEarned").ShouldBe(107);
        await PublishAsync("America/New_York");
        await fixture.Server.ReadModelsCaughtUpAsync();

        var begun = (await fixture.Office.PostAsync("/v1/programme/rehearsals", null, """{"days":1}""")).Good();
        var view = begun;
        for (var looks = 0; view.Word("state") == "running"; looks++)
        {
            looks.ShouldBeLessThan(500, "the rehearsal ends");
            await Task.Delay(20);
            view = (await fixture.Office.GetAsync($"/v1/programme/rehearsals/{begun.Word("id")}")).Good();
        }

        (view.Word("state"), view.Number("bookedPoints"), view.Number("livedPoints"), view.Number("different")).ShouldBe(("done", 107, 107, 0));
    }

    private async Task PublishAsync(string zone)
    {
        var running = (await fixture.Office.GetAsync("/v1/programme")).Good();
        var document = JsonNode.Parse(running.Json.GetProperty("document").GetRawText())!;
        document["timeZone"] = zone;
        document["earning"] = JsonNode.Parse("""{"rules":[{"id":"night","nameZh":"夜场","nameEn":"Night","when":{"fact":"time","from":"22:00","to":"02:00"},"give":{"kind":"fixed","points":7}}]}""");
        (await fixture.Office.PutAsync("/v1/programme", "zone-" + zone, $$"""{"basedOnVersion":{{running.Number("version")}},"document":{{document.ToJsonString()}}}""")).Good();
    }
}
