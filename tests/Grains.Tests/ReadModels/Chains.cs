using ChainCrm.Domain;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.Programmes;

namespace ChainCrm.Grains.Tests.ReadModels;

/// <summary>What a chain has beside its trade: stores, keys, programmes.</summary>
internal static class Chains
{
    /// <summary>Opens, changes and closes stores, issues keys and revokes one, publishes a programme twice; some of it in one and the same flush.</summary>
    public static void CommitDirectory(ListFeed feed)
    {
        for (var i = 0; i < 4; i++) feed.Commit(Trade.Store($"s{i}"), Trade.Opened($"s{i}"));
        feed.Commit(Trade.Store("s1"), new Domain.Stores.StoreChanged { At = Trade.At(Trade.Monday), Origin = Trade.Office, Name = "新店 '\"\\", Region = "r", City = "c" });
        feed.Commit(Trade.Store("s2"), new Domain.Stores.StoreClosed { At = Trade.At(Trade.Monday), Origin = Trade.Office });
        for (var i = 0; i < 3; i++)
        {
            feed.Commit(new GrainId("main", GrainKinds.AccessKey, $"k{i}"), new KeyIssued
            {
                At = Trade.At(Trade.Monday), Origin = Trade.Office, Role = i == 0 ? AccessRole.Office : AccessRole.Till, SecretHash = $"hash{i}", Store = i == 0 ? null : new StoreId("s1"),
                Till = i == 0 ? null : new TillId($"t{i}"), SeesPersonal = i == 1, Label = i == 2 ? "门口" : null,
            });
        }

        feed.Commit(new GrainId("main", GrainKinds.AccessKey, "k1"), new KeyRevoked { At = Trade.At(Trade.Monday), Origin = Trade.Office });
        for (var version = 1; version <= 2; version++)
        {
            feed.Commit(new GrainId("main", GrainKinds.Programme, GrainKinds.ProgrammeKey), new ProgrammePublished
            {
                At = Trade.At(Trade.Monday), Origin = Trade.Office, Version = version, Document = $$"""{"name": "第{{version}}版"}""",
            });
        }
    }
}
