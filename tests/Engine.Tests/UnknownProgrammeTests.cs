using ChainCrm.Domain;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Engine.Tests;

/// <summary>A process that has not read yet what another one published, and returns of what was sold under it.</summary>
public sealed class UnknownProgrammeTests : EngineFixture
{
    private readonly LateProgrammes _programmes = new();

    internal override async Task<IEngineUnderTest> StartAsync(EngineOptions options)
    {
        var engine = new EmbeddedEngine(Journal, Snapshots, _programmes, options, Time, NullLoggerFactory.Instance);
        await engine.StartAsync();
        return Kept(new Embedded(engine));
    }

    [Fact]
    public async Task A_return_waits_for_the_version_of_its_sale_and_is_no_mistake_of_the_server_until_then()
    {
        await Enrolled("c1");
        await Accepted(Shop.Sale("c1", "R1", Shop.Noon, 10_00));
        var back = Shop.Of(Shop.Customer("c1"), "back", Shop.Return("R1", Shop.Noon, new ReturnLine(1, new Quantity(1_000))));

        (await Ask(back)).Rejection.ShouldBe(EngineRejections.Unreadable);
        (await BalanceOf("c1")).ShouldBe(10);

        _programmes.Known = true;
        (await Ask(back)).Kind.ShouldBe(ReplyKind.Accepted);
        (await BalanceOf("c1")).ShouldBe(0);
    }

    private sealed class LateProgrammes : IProgrammes
    {
        public volatile bool Known;

        public Programme Current(ReadOnlySpan<char> chain) => Programme.BuiltIn;

        public Programme? ProgrammeVersion(string chain, int version) => Known ? Programme.BuiltIn : null;
    }
}
