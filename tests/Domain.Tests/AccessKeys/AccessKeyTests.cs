using ChainCrm.Domain.AccessKeys;
using Shouldly;

namespace ChainCrm.Domain.Tests.AccessKeys;

public class AccessKeyTests
{
    private static readonly string Hash = new('x', Limits.SecretHashLength);

    private static IssueKey Till() => new()
    {
        At = default, Origin = default, Role = AccessRole.Till, SecretHash = Hash, Store = new StoreId("S1"), Till = new TillId("1"),
    };

    private static IssueKey Issue(AccessRole role) => new() { At = default, Origin = default, Role = role, SecretHash = Hash };

    private static RevokeKey Revoke(string? reason = null) => new() { At = default, Origin = default, Reason = reason };

    private static AccessKeyState After(params AccessKeyCommand[] commands)
    {
        var state = new AccessKeyState();
        foreach (var command in commands)
        {
            var decision = AccessKeyDecider.Decide(state, command);
            decision.Rejection.ShouldBeNull();
            foreach (var happened in decision.Events) AccessKeyDecider.Evolve(state, happened);
        }

        return state;
    }

    private static void Refused(AccessKeyState state, AccessKeyCommand command, Rejection expected)
    {
        var decision = AccessKeyDecider.Decide(state, command);
        decision.Rejection.ShouldNotBeNull();
        decision.Rejection.Code.ShouldBe(expected.Code);
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_key_is_issued_and_revoked()
    {
        After(Till()).Issued!.Store.ShouldBe(new StoreId("S1"));
        After(Till(), Revoke()).IsRevoked.ShouldBeTrue();
    }

    [Fact]
    public void Every_command_twice_changes_nothing_the_second_time()
    {
        AccessKeyDecider.Decide(After(Till()), Till()).ShouldBe(Decision<AccessKeyEvent>.AlreadyDone);
        AccessKeyDecider.Decide(After(Till(), Revoke()), Revoke("again")).ShouldBe(Decision<AccessKeyEvent>.AlreadyDone);
    }

    [Fact]
    public void A_revoked_key_never_lives_again() => Refused(After(Till(), Revoke()), Till(), AccessKeyRejections.Exists);

    [Fact]
    public void A_key_is_not_issued_as_another() => Refused(After(Till()), Till() with { SeesPersonal = true }, AccessKeyRejections.Exists);

    [Fact]
    public void What_is_wrong_is_refused()
    {
        Refused(After(), Issue((AccessRole)9), AccessKeyRejections.RoleUnknown);
        Refused(After(), Till() with { SecretHash = "short" }, AccessKeyRejections.HashInvalid);
        Refused(After(), Till() with { SecretHash = new string('/', Limits.SecretHashLength) }, AccessKeyRejections.HashInvalid);
        Refused(After(), Till() with { Store = null }, AccessKeyRejections.StoreInvalid);
        Refused(After(), Till() with { Till = null }, AccessKeyRejections.TillInvalid);
        Refused(After(), Issue(AccessRole.Office) with { Store = new StoreId("S1") }, AccessKeyRejections.StoreNotAllowed);
        Refused(After(), Issue(AccessRole.Viewer) with { SeesPersonal = true }, AccessKeyRejections.PersonalNotAllowed);
        Refused(After(), Issue(AccessRole.Office) with { Label = " " }, AccessKeyRejections.LabelInvalid);
        Refused(After(Till()), Revoke(new string('x', 201)), AccessKeyRejections.ReasonInvalid);
        Refused(After(), Revoke(), AccessKeyRejections.Unknown);
        Refused(After(), Till() with { Origin = new Origin(new StoreId("")) }, AccessKeyRejections.OriginInvalid);
    }

    [Fact]
    public void A_snapshot_keeps_everything()
    {
        var state = After(Till(), Revoke());
        AccessKeyState.Import(state.Export()).Export().ShouldBe(state.Export());
    }
}
