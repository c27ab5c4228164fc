using System.Buffers;
using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Grains.Definitions;
using ChainCrm.TestKit.Domain;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>Money on a card and open baskets survive a snapshot; a snapshot of a build that knew of none is passed over.</summary>
public sealed class CustomerSnapshotTests
{
    /// <summary>The shape of the builds before stored value: one of them, started again for a day, would write snapshots that forget it.</summary>
    private const byte ShapeBeforeStoredValue = 2;
    private const byte ShapeBeforeBaskets = 3;
    private static readonly CustomerDefinition Definition = new();

    [Fact]
    public void Stored_value_and_its_freeze_survive_a_snapshot()
    {
        var state = Holder();
        CustomerStory.Print(Definition.ReadSnapshot(Written(state))!).ShouldBe(CustomerStory.Print(state));
    }

    [Fact]
    public void A_snapshot_from_before_stored_value_is_passed_over()
    {
        var snapshot = Written(Holder());
        snapshot[0] = ShapeBeforeStoredValue;
        Definition.ReadSnapshot(snapshot).ShouldBeNull();
    }

    [Fact]
    public void Open_baskets_survive_a_snapshot_and_one_from_before_them_is_passed_over()
    {
        var state = CustomerStory.Given(CustomerActs.Adjust(100), CustomerActs.Open(30), CustomerActs.Open(20)).State;
        var snapshot = Written(state);
        var read = Definition.ReadSnapshot(snapshot)!;
        (CustomerStory.Print(read), Definition.NextWakeUp(read)).ShouldBe((CustomerStory.Print(state), Definition.NextWakeUp(state)));
        read.Baskets.Length.ShouldBe(2);
        // A build that knew of no baskets would write one that forgets what is held.
        snapshot[0] = ShapeBeforeBaskets;
        Definition.ReadSnapshot(snapshot).ShouldBeNull();
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    public void A_card_with_less_than_nothing_is_not_sound(long principal, long gift)
    {
        Definition.IsSound(Holder()).ShouldBeTrue();
        Definition.IsSound(CustomerState.Import(Holder().Export() with { StoredValue = new StoredValue(new Money(principal), new Money(gift)) })).ShouldBeFalse();
    }

    private static CustomerState Holder()
    {
        var programme = DomainProgrammes.With(document => document["storedValue"] = System.Text.Json.Nodes.JsonNode.Parse("""{"spend":"principalFirst","topUps":[{"atLeastMinor":1,"giftMinor":5}]}"""));
        var pay = CustomerActs.But(CustomerActs.Buy("R1", 100), sale => sale with { UseStoredValue = new Money(100) });
        return CustomerStory.Given(programme, CustomerActs.TopUp(100), pay, CustomerActs.Freeze()).State;
    }

    private static byte[] Written(CustomerState state)
    {
        var output = new ArrayBufferWriter<byte>();
        Definition.WriteSnapshot(state, output);
        return output.WrittenSpan.ToArray();
    }
}
