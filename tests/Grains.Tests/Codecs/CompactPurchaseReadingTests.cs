using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Codecs;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>What is damaged is refused; what another tool may have done to it is not damage.</summary>
public sealed class CompactPurchaseReadingTests
{
    private const int LineLengthMax = 10;

    private static readonly PurchaseRecorded Full = Complete();
    private static readonly PurchaseRecorded Ordinary = CompactPurchaseTests.Ordinary;

    [Fact]
    public void A_purchase_without_a_required_member_is_unreadable()
    {
        foreach (var name in new[] { "s", "r", "o", "d", "l", "b", "q", "t" })
        {
            var data = Data(Full);
            data.Remove(name).ShouldBeTrue();
            ShouldBeUnreadable(data, name);
        }
    }

    [Fact]
    public void A_member_of_another_type_is_unreadable()
    {
        foreach (var name in Data(Full).Select(member => member.Key))
        {
            foreach (var wrong in new[] { "\"7x\"", "7", "7.5", "true", "null", "{}", "[[7]]", "99999999999999999999" })
            {
                var data = Data(Full);
                var right = data[name]!;
                var isFine = wrong switch
                {
                    "7" => right.GetValueKind() == JsonValueKind.Number,
                    "\"7x\"" => right.GetValueKind() == JsonValueKind.String,
                    "true" => right.GetValueKind() == JsonValueKind.True,
                    "null" => name is "ps" or "os",
                    _ => false,
                };
                data[name] = JsonNode.Parse(wrong);
                if (isFine) Read(data.ToJsonString());
                else ShouldBeUnreadable(data, $"{name} as {wrong}");
            }
        }
    }

    [Fact]
    public void An_element_of_a_line_of_another_type_is_unreadable()
    {
        for (var i = 0; i < LineLengthMax; i++)
        {
            foreach (var wrong in new[] { "7.5", "true", "{}", "[]", i is 1 or 7 ? "7" : "\"7\"", i == 7 ? "false" : "null", "99999999999999999999" })
            {
                var data = Data(Full);
                data["l"]![0]![i] = JsonNode.Parse(wrong);
                ShouldBeUnreadable(data, $"element {i} as {wrong}");
            }
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("""[1,"A",1000]""")]
    [InlineData("""[1,"A",1000,5,0,0,0,null,0,0,0]""")]
    [InlineData("""[1,"A",1000,5,0,9223372036854775807,1]""")]
    [InlineData("""[2147483648,"A",1000,5]""")]
    [InlineData("""{"line":1}""")]
    [InlineData("7")]
    [InlineData("null")]
    public void A_line_that_is_none_is_unreadable(string line)
    {
        var data = Data(Ordinary);
        data["l"]!.AsArray().Add(JsonNode.Parse(line));
        ShouldBeUnreadable(data, line);
    }

    [Theory]
    [InlineData("ul", "[[1]]")]
    [InlineData("ul", "[[1,2,3,4]]")]
    [InlineData("ul", "[[1,2,null]]")]
    [InlineData("n", "[0]")]
    [InlineData("n", "[6]")]
    [InlineData("n", "[null]")]
    [InlineData("n", "[[]]")]
    [InlineData("d", "2147483648")]
    [InlineData("g", "2147483648")]
    public void A_value_that_means_nothing_is_unreadable(string name, string value)
    {
        var data = Data(Full);
        data[name] = JsonNode.Parse(value);
        ShouldBeUnreadable(data, $"{name} {value}");
    }

    [Fact]
    public void A_sum_that_was_left_out_and_fits_no_member_is_unreadable()
    {
        foreach (var name in new[] { "a", "e", "eb" })
        {
            var line = Ordinary.Lines[0] with { Price = new Money(long.MaxValue), Earned = new Points(long.MaxValue), Bonus = new Points(long.MaxValue) };
            var data = Data(Ordinary with { Lines = [line, line] });
            data.Remove(name).ShouldBeTrue();
            ShouldBeUnreadable(data, name);
        }
    }

    [Fact]
    public void A_payload_that_ends_anywhere_too_early_is_unreadable()
    {
        var written = Encoding.UTF8.GetBytes(EventContractTests.Write(Full));
        for (var length = 0; length < written.Length; length++)
            Should.Throw<UnreadableEntryException>(() => EntryCodec.Decode(new(11, "main/customer/c1", 3, "S1/R1", 5, written.AsMemory(0, length))), $"{length} bytes");
    }

    [Fact]
    public void Any_changed_byte_is_unreadable_or_read_as_a_purchase()
    {
        // Nothing else may come out of damage: no other exception, and never half an event.
        using var writer = new EntryWriter();
        var (written, random) = (Encoding.UTF8.GetBytes(EventContractTests.Write(Full)), new Random(17));
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = written.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                var read = EntryCodec.Decode(new(11, "main/customer/c1", 3, "S1/R1", 5, damaged)).Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>();
                CompactPurchaseTests.Compact(read, writer);
            }
            catch (UnreadableEntryException)
            {
            }
        }
    }

    [Fact]
    public void Members_of_a_later_version_are_skipped()
    {
        var data = Data(Full);
        data.Insert(0, "zz", JsonNode.Parse("""{"s":[1],"l":7}"""));
        data.Add("z", 5);
        data.Add("origin", JsonNode.Parse("[[]]"));
        data.Add("\0s", "not the store");
        ShouldBeAlike(Read(data.ToJsonString()), Full);
    }

    [Fact]
    public void The_order_of_members_does_not_matter()
    {
        foreach (var sale in new[] { Full, Ordinary })
        {
            var turned = new JsonObject(Data(sale).Reverse().Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            ShouldBeAlike(Read(turned.ToJsonString()), sale);
        }
    }

    [Fact]
    public void Names_and_texts_may_be_escaped_and_spaces_may_stand_between()
    {
        var data = Data(Ordinary).ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        ShouldBeAlike(Read(data.Replace("\"s\"", "\"\\u0073\"", StringComparison.Ordinal).Replace("\"ps\"", "\"p\\u0073\"", StringComparison.Ordinal)), Ordinary);
    }

    [Fact]
    public void What_may_be_left_out_may_also_stand_there()
    {
        var data = Data(Ordinary);
        foreach (var (name, value) in new[] { ("a", "57135"), ("e", "856"), ("eb", "142"), ("af", "1795689320097"), ("at", "1795689320097"), ("qt", "20783"), ("os", "\"load-0020\""), ("u", "0"), ("ul", "[]"), ("cs", "true") })
            data[name] = JsonNode.Parse(value);
        data["n"] = JsonNode.Parse("""["points.earned","tier.gold","cross-store.bonus"]""");
        foreach (var line in data["l"]!.AsArray())
        {
            line!.AsArray().Add(line[5]!.GetValue<long>() + line[6]!.GetValue<long>());
            line.AsArray().Add(24);
        }

        ShouldBeAlike(Read(data.ToJsonString()), Ordinary);
    }

    /// <summary>Every member there is, and a first line that says all of its ten elements.</summary>
    private static PurchaseRecorded Complete()
    {
        var sale = (PurchaseRecorded)SampleEvents.Full(typeof(PurchaseRecorded));
        return sale with { Lines = [sale.Lines[0] with { Lot = 8, LotPoints = default }, sale.Lines[1]] };
    }

    private static JsonObject Data(PurchaseRecorded sale) => JsonNode.Parse(CompactPurchaseTests.Compact(sale))!.AsObject();

    private static PurchaseRecorded Read(string data) =>
        EventContractTests.Decode($$"""{"f":1,"p":1,"e":[{"t":"customer.purchase-recorded.2","d":{{data}}}]}""").Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>();

    private static void ShouldBeAlike(PurchaseRecorded read, PurchaseRecorded expected) =>
        JsonSerializer.Serialize(read, CompactPurchaseTests.LongForm).ShouldBe(JsonSerializer.Serialize(expected, CompactPurchaseTests.LongForm));

    private static void ShouldBeUnreadable(JsonObject data, string why)
    {
        var text = data.ToJsonString();
        Should.Throw<UnreadableEntryException>(() => Read(text), why);
    }
}
