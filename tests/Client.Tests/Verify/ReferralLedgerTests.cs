using System.Text.Json;
using ChainCrm.Client.Verify;
using ChainCrm.Client.Wire;
using Shouldly;
using Xunit;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>What verify sees of a referral: a friend buys, both get points, the goods come back, and both lose them.</summary>
public sealed class ReferralLedgerTests
{
    private const string Programme = """{"points":{"perUnit":1},"tiers":[{"id":"member","spendMinor":0}],"referral":{"referrerPoints":200,"friendPoints":50,"leastMinor":10000}}""";

    private static readonly (string Who, string Command, string Events)[] Entries =
    [
        ("ann", "c1", """[{"t":"customer.enrolled.1","d":{"homeStore":"S1","tier":"member"}}]"""),
        ("bob", "c1", """[{"t":"customer.enrolled.1","d":{"homeStore":"S1","tier":"member","referredBy":"ann"}}]"""),
        ("bob", "S1/R1", """
            [{"t":"customer.purchase-recorded.2","d":{"s":"S1","r":"R1","o":7,"d":20000,"g":1,"l":[[1,"A",1000,10000,0,100]],"ps":null,"b":150,"q":10000,"qf":19635,"t":"member","n":[1]}},
             {"t":"customer.referral-rewarded.1","d":{"referrer":"ann","store":"S1","receipt":"R1","points":50,"lotsGranted":[{"lot":2,"points":50,"activeFrom":7}],"referrerPoints":200,"delivery":1,"balance":150,"at":7}},
             {"t":"customer.delivery-sent.1","d":{"delivery":1,"to":"ann","kind":"referral","points":200,"reason":"referral","balance":150,"at":7}}]
            """),
        ("ann", "delivery/from/bob/1", """[{"t":"customer.delivery-received.1","d":{"from":"bob","delivery":1,"kind":"referral","points":200,"reason":"referral","lotsGranted":[{"lot":1,"points":200,"activeFrom":8}],"balance":200,"at":8}}]"""),
        ("bob", "delivery/done/1", """[{"t":"customer.delivery-arrived.1","d":{"delivery":1,"to":"ann","kind":"referral","points":200,"at":8}}]"""),
        ("bob", "c5", """
            [{"t":"customer.lines-returned.1","d":{"purchaseStore":"S1","purchaseReceipt":"R1","purchaseDay":20000,"occurredAt":9,"businessDay":20000,
              "lines":[{"line":1,"quantity":1000,"amount":10000,"pointsTakenBack":100,"quantitySoFar":1000,"amountSoFar":10000,"pointsTakenBackSoFar":100}],
              "amount":10000,"pointsTakenBack":100,"lotsTaken":[{"lot":1,"points":100}],"balance":0,"qualifyingSpend":0,"tier":"member","at":9}},
             {"t":"customer.referral-withdrawn.1","d":{"referrer":"ann","store":"S1","receipt":"R1","points":50,"lotsTaken":[{"lot":2,"points":50}],"balance":0,"at":9}},
             {"t":"customer.delivery-sent.1","d":{"delivery":2,"to":"ann","kind":"referral-back","points":200,"of":1,"reason":"referral","balance":0,"at":9}}]
            """),
        ("ann", "delivery/from/bob/2", """[{"t":"customer.delivery-received.1","d":{"from":"bob","delivery":2,"kind":"referral-back","points":-200,"reason":"referral","lotsTaken":[{"lot":1,"points":200}],"balance":0,"at":10}}]"""),
        ("bob", "delivery/done/2", """[{"t":"customer.delivery-arrived.1","d":{"delivery":2,"to":"ann","kind":"referral-back","points":200,"at":10}}]"""),
    ];

    [Fact]
    public void A_sound_referral_agrees() => Differences().ShouldBeEmpty();

    [Theory]
    [InlineData("\"referredBy\":\"ann\"", "\"referredBy\":\"cid\"", "referrer: cid, ann")]
    [InlineData(",\"referredBy\":\"ann\"", "", "referrer: none, ann")]
    [InlineData("\"points\":50,\"lotsGranted\"", "\"points\":51,\"lotsGranted\"", "points of the friend: 50, 51")]
    [InlineData("\"referrerPoints\":200,\"delivery\":1", "\"referrerPoints\":201,\"delivery\":1", "points of the referrer: 200, 201")]
    [InlineData("\"to\":\"ann\",\"kind\":\"referral\",\"points\":200,\"reason\"", "\"to\":\"cid\",\"kind\":\"referral\",\"points\":200,\"reason\"", "receiver of the referral: ann, cid")]
    [InlineData("\"receipt\":\"R1\",\"points\":50,\"lotsTaken\"", "\"receipt\":\"R2\",\"points\":50,\"lotsTaken\"", "purchase whose reward stands: S1/R1, S1/R2")]
    [InlineData("\"of\":1", "\"of\":2", "what the referral-back takes back: 1, 2")]
    [InlineData("\"points\":-200", "\"points\":-201", "points taken back: at most 200, 201")]
    [InlineData("\"kind\":\"referral-back\",\"points\":200,\"of\"", "\"kind\":\"transfer\",\"points\":200,\"of\"", "deliveries of the kind referral-back: 1, 0")]
    public void A_planted_mistake_is_found(string right, string wrong, string expected) =>
        Differences(text => text.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(expected);

    private static List<string> Differences(Func<string, string>? change = null)
    {
        var (differences, position, versions) = (new Differences(), 0L, new Dictionary<string, long>(StringComparer.Ordinal));
        var audit = new JournalAudit(differences);
        Add("programme/programme", "p", JsonSerializer.Serialize(new[] { new { t = "programme.published.1", d = new { version = 1, document = Programme } } }));
        foreach (var (who, command, events) in Entries) Add($"customer/{who}", command, change?.Invoke(events) ?? events);
        return [.. differences.Shown.Select(difference => $"{difference.What}: {difference.Expected}, {difference.Found}")];

        void Add(string stream, string command, string events)
        {
            versions[stream] = versions.GetValueOrDefault(stream) + 1;
            audit.Add(new JournalEntryView
            {
                Position = ++position, Stream = $"main/{stream}", Version = versions[stream], CommandId = command, Programme = 1,
                Events = [.. JsonDocument.Parse(events).RootElement.EnumerateArray().Select(one => new JournalEventView(one.GetProperty("t").GetString()!, one.GetProperty("d")))],
            });
        }
    }
}
