using System.Text;
using ChainCrm.Grains.ReadModels;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.ReadModels;

public sealed class KnownStoresTests
{
    private readonly KnownStores _stores = new();

    [Fact]
    public void A_store_is_added_once()
    {
        _stores.Load([]);
        foreach (var store in new[] { "s10", "s1", "s10", "0", "店1", "s1", "店" }) _stores.Add(store);
        ShouldBe("s10\ns1\n0\n店1\n店", 5);
    }

    [Fact]
    public void What_is_known_already_changes_nothing()
    {
        _stores.Load("s1\n店"u8);
        _stores.HasGrown.ShouldBeFalse();
        _stores.Add("店");
        _stores.Add("s1");
        _stores.HasGrown.ShouldBeFalse();
        ShouldBe("s1\n店", 2);
        _stores.Add("s");
        _stores.HasGrown.ShouldBeTrue();
        ShouldBe("s1\n店\ns", 3);
    }

    [Fact]
    public void Beyond_the_limit_no_more_are_added()
    {
        _stores.Load([]);
        var names = Enumerable.Range(0, GrainLimits.StoresKeptPerCustomer + 3).Select(i => $"{new string('店', 64)}{i}").ToList();
        foreach (var name in names) _stores.Add(name);
        ShouldBe(string.Join('\n', names.Take(GrainLimits.StoresKeptPerCustomer)), GrainLimits.StoresKeptPerCustomer);
    }

    [Fact]
    public void The_next_customer_starts_from_the_own_stores()
    {
        _stores.Load("s1\ns2\ns3"u8);
        _stores.Add("s4");
        _stores.Load("s3"u8);
        (_stores.Count, _stores.HasGrown).ShouldBe((1, false));
        _stores.Add("s1");
        ShouldBe("s3\ns1", 2);
        _stores.Load([]);
        ShouldBe("", 0);
    }

    private void ShouldBe(string names, int count)
    {
        Encoding.UTF8.GetString(_stores.Utf8).ShouldBe(names);
        _stores.Count.ShouldBe(count);
    }
}
