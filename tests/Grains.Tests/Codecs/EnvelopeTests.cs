using System.Text;
using ChainCrm.Domain;
using ChainCrm.Domain.Stores;
using ChainCrm.Grains.Codecs;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Codecs;

public sealed class EnvelopeTests
{
    private static readonly StoreClosed Closed = new() { At = new Timestamp(5), Origin = new Origin(new StoreId("S1")) };

    [Fact]
    public void An_envelope_is_written_as_documented() =>
        EventContractTests.Write(Closed).ShouldBe(
            """{"f":1,"p":7,"h":"0000000000000abc","w":1750000000000,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{"store":"S1"}}}]}""");

    [Theory]
    [InlineData(0UL, false, null)]
    [InlineData(ulong.MaxValue, true, null)]
    [InlineData(0x0123_4567_89AB_CDEFUL, true, 1_700_000_000_001L)]
    public void Programme_fingerprint_and_wake_up_come_back(ulong fingerprint, bool changed, long? at)
    {
        using var writer = new EntryWriter();
        writer.Write(1, 0, default, [Closed]);
        var start = writer.Length;
        var length = writer.Write(12, fingerprint, new WakeUp(changed, at), [Closed, Closed]);

        var entry = EventContractTests.Decode(Encoding.UTF8.GetString(writer.Slice(start, length).Span));

        entry.ProgrammeVersion.ShouldBe(12);
        entry.Fingerprint.ShouldBe(fingerprint);
        entry.WakeUp.ShouldBe(new WakeUp(changed, at));
        entry.Events.ShouldBe([Closed, Closed]);
        (entry.Position, entry.Version, entry.CommandId, entry.TimeMs, entry.Grain.Stream)
            .ShouldBe((11, 3, "S1/R1", 1_700_000_000_000, "main/customer/c1"));
    }

    [Fact]
    public void Members_of_a_later_version_are_skipped()
    {
        var entry = EventContractTests.Decode(
            """{"f":1,"zz":{"a":[1]},"p":7,"e":[{"t":"store.closed.1","why":[],"d":{"at":5,"mood":{"x":1},"origin":{"store":"S1","zone":9}}}],"s":"later"}""");

        entry.Events.ShouldBe([Closed]);
        entry.WakeUp.Changed.ShouldBeFalse();
        entry.Fingerprint.ShouldBe(0UL);
    }

    [Fact]
    public void The_order_of_name_and_data_does_not_matter() =>
        EventContractTests.Decode("""{"e":[{"d":{"at":5,"origin":{"store":"S1"}},"t":"store.closed.1"}],"p":7,"f":1}""").Events.ShouldBe([Closed]);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not json at all")]
    [InlineData("""{"f":1,"p":7}""")]
    [InlineData("""{"f":1,"p":7,"e":[]}""")]
    [InlineData("""{"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}}]}""")]
    [InlineData("""{"f":2,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":"x","e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"h":"xyz","e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.dissolved.1","d":{"at":5,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1"}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"d":{"at":5,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":null}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":"soon","origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":99999999999999999999,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{"store":7}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}},null]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}},7,{"t":"store.closed.1","d":{"at":6,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}},[],{"t":"store.closed.1","d":{"at":6,"origin":{}}}]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}}]}{"e":[]}""")]
    [InlineData("""{"f":1,"p":7,"e":[{"t":"store.closed.1","d":{"at":5,"origin":{}}}]}]""")]
    public void What_cannot_be_understood_is_unreadable(string payload) =>
        Should.Throw<UnreadableEntryException>(() => EventContractTests.Decode(payload)).Message.ShouldContain("position 11");
}
