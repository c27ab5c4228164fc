using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains.Directories;
using ChainCrm.Grains.ReadSide;
using Shouldly;
using Xunit;

namespace ChainCrm.Grains.Tests.Directories;

public sealed class IdentityLookupTests
{
    private static readonly IdentityRef Card = new(IdentityKind.Card, "iXj0XBZFvy7DYKDntDIn_w");
    private readonly HolderEngine _engine = new();
    private readonly IdentityLookup _lookup = new();

    public IdentityLookupTests() => _lookup.Start(_engine);

    [Theory]
    [InlineData(IdentityKind.Phone, "main/identity/1-a-b_c")]
    [InlineData(IdentityKind.Card, "main/identity/2-a-b_c")]
    [InlineData(IdentityKind.External, "main/identity/3-a-b_c")]
    [InlineData((IdentityKind)17, "main/identity/17-a-b_c")]
    public void The_grain_of_an_identity_has_the_name_that_journals_hold(IdentityKind kind, string stream)
    {
        var identity = new IdentityRef(kind, "a-b_c");
        var grain = IdentityLookup.GrainOf("main", identity);
        grain.Stream.ShouldBe(stream);
        grain.ShouldBe(new GrainId("main", GrainKinds.Identity, FormattableString.Invariant($"{(int)kind}-a-b_c")));
        IdentityLookup.IdentityOf(grain).ShouldBe(identity);
    }

    [Fact]
    public async Task A_holder_that_is_kept_is_found_at_once_and_nothing_is_allocated()
    {
        (await FindAsync("main", Card)).ShouldBe("main/identity/2-iXj0XBZFvy7DYKDntDIn_w");
        var identity = new IdentityRef(Card.Kind, new string(Card.Index.AsSpan()));
        var found = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            var looked = _lookup.FindAsync("main", identity);
            if (looked.IsCompletedSuccessfully && (await looked).Customer is not null) found++;
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        found.ShouldBe(1_000);
        allocated.ShouldBe(0);
        _engine.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task Chains_and_kinds_have_their_own_holders()
    {
        var phone = Card with { Kind = IdentityKind.Phone };
        for (var i = 0; i < 2; i++)
        {
            (await FindAsync("main", Card)).ShouldBe("main/identity/2-" + Card.Index);
            (await FindAsync("main", phone)).ShouldBe("main/identity/1-" + Card.Index);
            (await FindAsync("other", Card)).ShouldBe("other/identity/2-" + Card.Index);
        }

        _engine.Reads.ShouldBe(3);
    }

    [Theory]
    [InlineData(IdentityKind.Phone)]
    [InlineData(IdentityKind.Card)]
    [InlineData(IdentityKind.External)]
    public async Task A_release_in_the_feed_takes_its_own_holder_out_and_no_other(IdentityKind kind)
    {
        var identity = Card with { Kind = kind };
        await FindAsync("main", identity);
        await FindAsync("other", identity);
        _engine.Answer = _ => null;

        Release("main", identity);

        (await FindAsync("main", identity)).ShouldBeNull();
        (await FindAsync("other", identity)).ShouldNotBeNull();
        ((IProjection)_lookup).Position.ShouldBe(1);
    }

    [Fact]
    public async Task What_was_read_beside_a_release_is_not_kept()
    {
        var gate = _engine.Hold();
        var looking = _lookup.FindAsync("main", Card).AsTask();
        _lookup.Forget(IdentityLookup.GrainOf("main", Card));
        gate.SetResult();
        (await looking.OrSay("the grain answered")).Customer.ShouldNotBeNull();

        _engine.Answer = _ => null;
        (await FindAsync("main", Card)).ShouldBeNull("the holder that was read may be the one that was released");
    }

    [Fact]
    public async Task Before_the_engine_runs_a_look_up_is_refused() =>
        (await new IdentityLookup().FindAsync("main", Card)).Rejection.ShouldBe(EngineRejections.Stopping);

    private async Task<string?> FindAsync(string chain, IdentityRef identity)
    {
        var (customer, rejection) = await _lookup.FindAsync(chain, identity);
        rejection.ShouldBeNull();
        return customer?.Value;
    }

    private void Release(string chain, IdentityRef identity) => ((IProjection)_lookup).Apply(
        [new CommittedEntry(1, IdentityLookup.GrainOf(chain, identity), 3, "release", 0, 1, 0, default,
            [new IdentityReleased { At = default, Origin = Trade.Office, Customer = new CustomerId("c-1") }])]);
}
