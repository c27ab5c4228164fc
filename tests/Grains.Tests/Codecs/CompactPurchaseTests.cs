using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Codecs;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>A purchase in its compact form is the purchase that was written, whatever it holds.</summary>
public sealed class CompactPurchaseTests : IDisposable
{
    private readonly EntryWriter _writer = new();

    internal static readonly JsonTypeInfo<PurchaseRecorded> LongForm =
        (JsonTypeInfo<PurchaseRecorded>)EventJsonSettings.Shared.GetTypeInfo(typeof(PurchaseRecorded));

    /// <summary>A sale of three lines as the load generator makes them, on a server of real data.</summary>
    internal static readonly PurchaseRecorded Ordinary = new()
    {
        Store = new StoreId("load-0020"), Receipt = "L1795689316093-0000026519", OccurredAt = new Timestamp(1_795_689_320_097), BusinessDay = new BusinessDay(20_783),
        Lines = [OrdinaryLine(1, "SKU-100001", 19_145, 238, 47), OrdinaryLine(2, "SKU-100002", 19_145, 238, 47), OrdinaryLine(3, "SKU-100003", 19_145, 238, 48)],
        Amount = new Money(57_135), PointsEarned = new Points(856), PointsBonus = new Points(142), ActiveFrom = new Timestamp(1_795_689_320_097),
        ExpiresAt = new Timestamp(1_827_590_400_000), PreviousStore = new StoreId("load-0037"), CrossStore = true, Balance = new Points(14_242),
        QualifyingSpend = new Money(1_099_302), QualifyingFrom = new BusinessDay(20_419), QualifyingTo = new BusinessDay(20_783), Tier = new TierId("gold"),
        Rules = ["points.earned", "tier.gold", "cross-store.bonus"], At = new Timestamp(1_795_689_320_097), Origin = new Origin(new StoreId("load-0020")),
    };

    public void Dispose() => _writer.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_purchase_read_back_is_the_purchase_written(int seed)
    {
        var purchases = new RandomPurchases(seed);
        for (var i = 0; i < 2_500; i++) ShouldComeBack(purchases.Next(), $"seed {seed}, purchase {i}");
    }

    [Fact]
    public void The_samples_of_the_contract_come_back()
    {
        // The first fills every member there is by reflection, so that one added later is missing here until it is written by hand.
        ShouldComeBack((PurchaseRecorded)SampleEvents.Full(typeof(PurchaseRecorded)), "full");
        ShouldComeBack((PurchaseRecorded)SampleEvents.Sparse(typeof(PurchaseRecorded)), "sparse");
        ShouldComeBack((PurchaseRecorded)SampleEvents.Zero(typeof(PurchaseRecorded)), "zero");
        ShouldComeBack(Ordinary, "ordinary");
    }

    [Fact]
    public void Every_member_that_may_be_left_out_is_left_out_and_written_by_the_purchases_of_these_tests()
    {
        var purchases = new RandomPurchases(5);
        var (members, lengths, written) = (new Dictionary<string, int>(), new HashSet<int>(), 2_500);
        for (var i = 0; i < written; i++)
        {
            using var document = JsonDocument.Parse(Compact(purchases.Next(), _writer));
            foreach (var member in document.RootElement.EnumerateObject()) members[member.Name] = members.GetValueOrDefault(member.Name) + 1;
            foreach (var line in document.RootElement.GetProperty("l").EnumerateArray()) lengths.Add(line.GetArrayLength());
        }

        string[] always = ["s", "r", "o", "d", "l", "b", "q", "t"];
        string[] sometimes = ["c", "g", "a", "u", "ul", "uv", "e", "eb", "dp", "af", "x", "xi", "ps", "cs", "qf", "qt", "qp", "qv", "n", "w", "tb", "rg", "ct", "lm", "tg", "sv", "k", "ks", "kx", "ma", "mp", "es", "at", "os", "of", "ot"];
        members.Keys.ShouldBe([.. always, .. sometimes], ignoreOrder: true);
        foreach (var name in always) members[name].ShouldBe(written, name);
        foreach (var name in sometimes) members[name].ShouldBeInRange(written / 20, written - (written / 20), name);
        lengths.ShouldBe(Enumerable.Range(4, 8), ignoreOrder: true);
    }

    [Fact]
    public void An_ordinary_sale_is_half_as_long_as_it_was()
    {
        var written = EventContractTests.Write(Ordinary);

        ContractFile.ShouldHold("customer.purchase-recorded.2.ordinary.json", written + "\n");
        Encoding.UTF8.GetByteCount(written).ShouldBeLessThan(JsonSerializer.SerializeToUtf8Bytes(Ordinary, LongForm).Length / 2);
    }

    [Fact]
    public void Sums_that_no_member_can_hold_are_not_left_out()
    {
        var line = Ordinary.Lines[0];
        ShouldComeBack(Ordinary with { Lines = [line with { Price = new Money(long.MaxValue) }, line with { Price = new Money(long.MaxValue) }], Amount = new Money(-202) }, "amount");
        ShouldComeBack(Ordinary with { Lines = [line with { Price = new Money(long.MinValue), Discount = new Money(1) }], Amount = new Money(long.MaxValue) }, "wrapped");
        ShouldComeBack(Ordinary with { Lines = [line with { Earned = new Points(long.MaxValue), Bonus = new Points(1), LotPoints = new Points(long.MinValue) }] }, "points");
        ShouldComeBack(
            Ordinary with { Lines = [line with { Price = new Money(long.MaxValue) }, line with { Price = new Money(5), Discount = new Money(long.MaxValue) }], Amount = new Money(-95 + 5 - 5) },
            "sum that fits although a part of it does not");
    }

    [Fact]
    public void A_text_that_is_empty_is_not_one_that_is_missing()
    {
        foreach (var text in new[] { null, "" })
        {
            var read = Read(Ordinary with { Channel = text, Lines = [Ordinary.Lines[0] with { Category = text, Brand = text }] });
            (read.Channel, read.Lines[0].Category, read.Lines[0].Brand).ShouldBe((text, text, text));
        }

        foreach (var store in new StoreId?[] { null, new StoreId(""), Ordinary.Store })
        {
            var read = Read(Ordinary with { PreviousStore = store, Origin = new Origin(store) });
            (read.PreviousStore, read.Origin.Store).ShouldBe((store, store));
        }
    }

    [Fact]
    public void Text_stays_readable_and_half_a_character_is_replaced()
    {
        Encoding.UTF8.GetString(Compact(Ordinary with { Receipt = "会员-é-😀-/<>&'" })).ShouldContain("\"r\":\"会员-é-😀-/<>&'\"");
        Encoding.UTF8.GetString(Compact(Ordinary with { Receipt = "a\"b\\c\n\u0001" })).ShouldContain("""
            "r":"a\"b\\c\u000a\u0001"
            """);
        Read(Ordinary with { Receipt = "a\ud800b\udc00" }).Receipt.ShouldBe("a\ufffdb\ufffd");
    }

    [Fact]
    public void Any_character_at_any_place_of_a_text_comes_back()
    {
        // Texts are looked at eight characters at once, and the rest one by one.
        foreach (var special in "\0\u001f !\"[\\]~\u007f\u0080\u00ff\u0100\u2028会\uffff")
        {
            for (var length = 1; length <= 20; length++)
            {
                for (var at = 0; at < length; at++)
                {
                    var text = new string('a', at) + special + new string('z', length - at - 1);
                    Read(Ordinary with { Receipt = text }).Receipt.ShouldBe(text);
                }
            }
        }
    }

    [Fact]
    public void A_required_text_that_is_null_is_refused_before_it_is_written()
    {
        PurchaseRecorded[] damaged =
        [
            Ordinary with { Receipt = null! }, Ordinary with { Lines = null! }, Ordinary with { Store = default }, Ordinary with { Tier = default },
            Ordinary with { PreviousStore = default(StoreId) }, Ordinary with { Rules = [null!] }, Ordinary with { Lines = [default] },
        ];
        foreach (var sale in damaged) Should.Throw<JsonException>(() => Compact(sale));
    }

    [Fact]
    public void A_receipt_of_the_most_lines_and_the_longest_texts_comes_back()
    {
        var text = string.Concat(Enumerable.Repeat("会\"员\n", Limits.IdLengthMax / 4));
        var lines = Enumerable.Range(1, Limits.ReceiptLinesMax)
            .Select(i => Ordinary.Lines[0] with { Line = i, Product = new ProductId(text), Category = text }).ToList();
        var sale = Ordinary with { Lines = lines, Receipt = new string('\u0001', 20_000), Channel = new string('员', 300_000) };

        Compact(sale).Length.ShouldBeGreaterThan(GrainLimits.EntryBufferStartBytes);
        ShouldComeBack(sale, "large");
    }

    [Fact]
    public void Writing_purchases_allocates_nothing()
    {
        const int Purchases = 20_000;
        using var writer = new EntryWriter();
        IReadOnlyList<object> events = [SampleEvents.Full(typeof(PurchaseRecorded))];
        WriteMany(writer, events, Purchases);

        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteMany(writer, events, Purchases);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The runtime may allocate a little of its own at any time; the smallest object per purchase would be 24 bytes for each of them.
        allocated.ShouldBeLessThan(Purchases);
    }

    /// <summary>The data of a purchase as it is written.</summary>
    internal static byte[] Compact(PurchaseRecorded sale)
    {
        using var writer = new EntryWriter();
        return Compact(sale, writer);
    }

    /// <summary>The same with a writer to be used again.</summary>
    internal static byte[] Compact(PurchaseRecorded sale, EntryWriter writer)
    {
        writer.Clear();
        using var document = JsonDocument.Parse(writer.Slice(0, writer.Write(1, 42, default, [sale])));
        var happened = document.RootElement.GetProperty("e")[0];
        happened.GetProperty("t").GetString().ShouldBe("customer.purchase-recorded.2");
        return Encoding.UTF8.GetBytes(happened.GetProperty("d").GetRawText());
    }

    private static void WriteMany(EntryWriter writer, IReadOnlyList<object> events, int purchases)
    {
        for (var i = 0; i < purchases; i++)
        {
            writer.Write(7, 0xABC, new WakeUp(true, 1_750_000_000_000), events);
            writer.Clear();
        }
    }

    private static RecordedLine OrdinaryLine(int number, string product, long price, long earned, long bonus) => new()
    {
        Line = number, Product = new ProductId(product), Category = "load", Quantity = new Quantity(1_000), Price = new Money(price), Discount = new Money(100),
        Earned = new Points(earned), Bonus = new Points(bonus), Lot = 24, LotPoints = new Points(earned + bonus),
    };

    private PurchaseRecorded Read(PurchaseRecorded sale)
    {
        _writer.Clear();
        var length = _writer.Write(1, 42, default, [sale]);
        return EntryCodec.Decode(new(11, "main/customer/c1", 3, "S1/R1", 5, _writer.Slice(0, length))).Events.ShouldHaveSingleItem().ShouldBeOfType<PurchaseRecorded>();
    }

    /// <summary>
    /// The long form is written and read by the generated serializer, which knows every member: what it reads of a purchase, and what comes back from the
    /// compact form of that and of the purchase itself, must be the same to the last member.
    /// </summary>
    private void ShouldComeBack(PurchaseRecorded sale, string which)
    {
        var stored = JsonSerializer.Serialize(sale, LongForm);
        var read = (PurchaseRecorded)EventContractTests.Decode($$"""{"f":1,"p":1,"e":[{"t":"customer.purchase-recorded.1","d":{{stored}}}]}""").Events.ShouldHaveSingleItem();
        var expected = JsonSerializer.Serialize(read, LongForm);
        JsonSerializer.Serialize(Read(read), LongForm).ShouldBe(expected, which);
        JsonSerializer.Serialize(Read(sale), LongForm).ShouldBe(expected, which);
    }
}
