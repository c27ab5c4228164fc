using ChainCrm.Grains.ReadSide;
using ChainCrm.TestKit.Postgres;
using Xunit;

namespace ChainCrm.Grains.Tests.Agenda;

/// <summary>In a file.</summary>
public sealed class SqliteAgendaTests : AgendaConformance
{
    private readonly TempFolder _folder = new();

    private protected override Task<ReadSideStore> OpenStoreAsync() => Task.FromResult<ReadSideStore>(new SqliteReadSide(_folder.Path));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>In a schema.</summary>
[NeedsPostgres]
public sealed class PostgresAgendaTests : AgendaConformance
{
    private protected override async Task<ReadSideStore> OpenStoreAsync() => await (await PostgresSchemaOfTest.NewAsync()).ReadSideAsync();
}
