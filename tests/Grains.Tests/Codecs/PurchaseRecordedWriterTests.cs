using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Codecs;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>What is written by hand is what the generated serializer would have written.</summary>
public sealed class PurchaseRecordedWriterTests
{
    private static readonly JsonTypeInfo<PurchaseRecorded> Generated =
        (JsonTypeInfo<PurchaseRecorded>)EventJsonSettings.Shared.GetTypeInfo(typeof(PurchaseRecorded));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_purchase_is_written_in_the_bytes_of_the_generated_serializer(int seed)
    {
        var purchases = new RandomPurchases(seed);
        for (var i = 0; i < 2_500; i++)
            ShouldBeWrittenAlike(purchases.Next(), $"seed {seed}, purchase {i}");
    }

    [Fact]
    public void The_samples_of_the_contract_are_written_alike()
    {
        ShouldBeWrittenAlike((PurchaseRecorded)SampleEvents.Full(typeof(PurchaseRecorded)), "full");
        ShouldBeWrittenAlike((PurchaseRecorded)SampleEvents.Sparse(typeof(PurchaseRecorded)), "sparse");
        ShouldBeWrittenAlike((PurchaseRecorded)SampleEvents.Zero(typeof(PurchaseRecorded)), "zero");
    }

    [Fact]
    public void No_member_is_forgotten()
    {
        // The sample fills every member there is by reflection, so that one added later is missing here until it is written by hand.
        var full = (PurchaseRecorded)SampleEvents.Full(typeof(PurchaseRecorded));
        using var written = JsonDocument.Parse(ByHand(full));
        var purchase = written.RootElement;

        ShouldHoldEveryMember(typeof(PurchaseRecorded), purchase);
        ShouldHoldEveryMember(typeof(RecordedLine), purchase.GetProperty("lines")[0]);
        ShouldHoldEveryMember(typeof(LotPart), purchase.GetProperty("lotsUsed")[0]);
        ShouldHoldEveryMember(typeof(Origin), purchase.GetProperty("origin"));
    }

    [Fact]
    public void A_required_member_that_is_null_is_refused_by_both()
    {
        var sale = Trade.Purchase("S1", 1_00, Trade.Monday);
        foreach (var damaged in new[] { sale with { Receipt = null! }, sale with { Lines = null! } })
        {
            Should.Throw<JsonException>(() => ByHand(damaged));
            Should.Throw<JsonException>(() => ByGenerated(damaged));
        }
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

        // The generated serializer would not pass, so that this also proves which of the two the catalog takes.
        // The runtime may allocate a little of its own at any time; the smallest object per purchase would be 24 bytes for each of them.
        allocated.ShouldBeLessThan(Purchases);
    }

    private static void WriteMany(EntryWriter writer, IReadOnlyList<object> events, int purchases)
    {
        for (var i = 0; i < purchases; i++)
        {
            writer.Write(7, 0xABC, new WakeUp(true, 1_750_000_000_000), events);
            writer.Clear();
        }
    }

    private static void ShouldHoldEveryMember(Type type, JsonElement written) =>
        written.EnumerateObject().Select(member => member.Name).ShouldBe(
            EventJsonSettings.Shared.GetTypeInfo(type).Properties.Select(property => property.Name),
            $"PurchaseRecordedWriter does not write the members of {type.Name}, all and in their order.");

    private static void ShouldBeWrittenAlike(PurchaseRecorded sale, string which)
    {
        var (byHand, generated) = (ByHand(sale), ByGenerated(sale));
        // Compared as bytes; shown as text, where a difference can be read.
        if (!byHand.AsSpan().SequenceEqual(generated))
            Encoding.UTF8.GetString(byHand).ShouldBe(Encoding.UTF8.GetString(generated), which);
        byHand.AsSpan().SequenceEqual(generated).ShouldBeTrue(which);
    }

    private static byte[] ByHand(PurchaseRecorded sale) => Written(json => EventCatalog.ShapeOf(sale).Write(json, sale));

    private static byte[] ByGenerated(PurchaseRecorded sale) => Written(json => JsonSerializer.Serialize(json, sale, Generated));

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, EntryWriter.Options))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
