using System.Diagnostics;
using System.Reflection;
using ChainCrm.Domain;
using ChainCrm.Domain.Programmes;
using ChainCrm.Grains.ReadModels;
using ChainCrm.Grains.Rehearsals;
using ChainCrm.Journal;
using ChainCrm.Silo.Rehearsals;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace ChainCrm.Silo.Tests.Rehearsals;

public class RehearsalDeskTests
{
    [Fact]
    public async Task One_that_ends_with_a_mistake_of_any_kind_is_told_as_failed_and_keeps_no_other_from_beginning()
    {
        var desk = new RehearsalDesk(TimeProvider.System, NullLogger<RehearsalDesk>.Instance, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance));
        var first = Begin(desk).ShouldNotBeNull();
        for (var looks = 0; first.State == RehearsalState.Running; looks++)
        {
            looks.ShouldBeLessThan(500, "the rehearsal ends");
            await Task.Delay(10);
        }

        first.State.ShouldBe(RehearsalState.Failed);
        Begin(desk).ShouldNotBeNull();
    }

    private static RehearsalDesk.Running? Begin(RehearsalDesk desk) => desk.Begin(
        "c", true, (default, default), static () => new Rehearsal(new MemoryJournal(), DispatchProxy.Create<IReadModels, Mistaken>(), null!, "c", Programme.BuiltIn, default, new Timestamp(1)));

    /// <summary>Throws what only a mistake of the product throws.</summary>
    private class Mistaken : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new UnreachableException("The test says so.");
    }
}
