using ChainCrm.Engine;
using ChainCrm.Grains.Codecs;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>Parts of the embedded engine by themselves.</summary>
public sealed class PartsTests
{
    [Fact]
    public void The_table_of_slots_finds_what_is_in_it_and_nothing_else()
    {
        var table = new SlotTable();
        var slots = Enumerable.Range(0, 20_000).Select(i => $"main/customer/c{i}").Select(s => new GrainSlot(s, StableHash.Of(s))).ToList();
        slots.ForEach(table.Add);
        foreach (var slot in slots.Where((_, i) => i % 3 == 0))
            table.Remove(slot);

        table.Count.ShouldBe(slots.Count - slots.Where((_, i) => i % 3 == 0).Count());
        for (var i = 0; i < slots.Count; i++)
            table.Find(slots[i].Stream, slots[i].Hash).ShouldBe(i % 3 == 0 ? null : slots[i]);
    }

    [Fact]
    public void A_mailbox_gives_items_in_the_order_of_their_sender()
    {
        var mailbox = new Mailbox();
        var items = Enumerable.Range(0, 5).Select(_ => new Item()).ToList();
        items.Select(mailbox.Post).ShouldBe([1, 2, 3, 4, 5]);

        var taken = new List<MailboxItem>();
        for (var item = mailbox.TakeAll(); item is not null; item = item.Next)
            taken.Add(item);

        taken.ShouldBe(items);
        mailbox.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_stable_hash_never_changes()
    {
        // Kept in snapshots: another value here means that every grain forgets which commands it has seen.
        StableHash.Of("").ShouldBe(StableHash.Of(""));
        StableHash.Of("S1/R1").ShouldNotBe(StableHash.Of("S1/R2"));
        Enumerable.Range(0, 100_000).Select(i => StableHash.Of($"S1/R{i}")).Distinct().Count().ShouldBe(100_000);
    }

    private sealed class Item : MailboxItem
    {
        public override void Arrive(PartitionCore core) => throw new InvalidOperationException("Nobody takes this in.");
    }
}
