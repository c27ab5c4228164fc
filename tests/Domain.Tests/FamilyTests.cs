using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ChainCrm.Domain.AccessKeys;
using ChainCrm.Domain.CouponCodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Identities;
using ChainCrm.Domain.Programmes;
using ChainCrm.Domain.Stores;
using Shouldly;

namespace ChainCrm.Domain.Tests;

/// <summary>The compiler does not know that a family is closed, so a test does.</summary>
public class FamilyTests
{
    public static TheoryData<Type> Commands() => [.. CasesOf(typeof(CustomerCommand), typeof(StoreCommand), typeof(IdentityCommand), typeof(ProgrammeCommand), typeof(AccessKeyCommand), typeof(CouponCodeCommand))];

    public static TheoryData<Type> Events() => [.. CasesOf(typeof(CustomerEvent), typeof(StoreEvent), typeof(IdentityEvent), typeof(ProgrammeEvent), typeof(AccessKeyEvent), typeof(CouponCodeEvent))];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_is_decided(Type type) => ReachesARule(type, command => command switch
    {
        CustomerCommand c => CustomerDecider.Decide(new CustomerState(), c, Programme.BuiltIn),
        StoreCommand c => StoreDecider.Decide(new StoreState(), c),
        IdentityCommand c => IdentityDecider.Decide(new IdentityState(), c),
        ProgrammeCommand c => ProgrammeDecider.Decide(new ProgrammeState(), c),
        AccessKeyCommand c => AccessKeyDecider.Decide(new AccessKeyState(), c),
        CouponCodeCommand c => CouponCodeDecider.Decide(new CouponCodeState(), c),
        _ => throw new UnreachableException(),
    });

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_is_folded(Type type) => ReachesARule(type, happened => happened switch
    {
        CustomerEvent e => CustomerDecider.Evolve(new CustomerState(), e),
        StoreEvent e => StoreDecider.Evolve(new StoreState(), e),
        IdentityEvent e => IdentityDecider.Evolve(new IdentityState(), e),
        ProgrammeEvent e => ProgrammeDecider.Evolve(new ProgrammeState(), e),
        AccessKeyEvent e => AccessKeyDecider.Evolve(new AccessKeyState(), e),
        CouponCodeEvent e => CouponCodeDecider.Evolve(new CouponCodeState(), e),
        _ => throw new UnreachableException(),
    });

    [Fact]
    public void Numbers_and_names_of_refusals_are_unique_and_in_their_hundred()
    {
        var all = Rejections().ToList();
        all.Count.ShouldBeGreaterThan(80);
        all.Select(r => r.Rejection.Code).ShouldBeUnique();
        all.Select(r => r.Rejection.Name).ShouldBeUnique();
        foreach (var (owner, rejection) in all)
        {
            var (hundred, prefix) = owner.Name switch
            {
                nameof(CustomerRejections) => (1, "customer."),
                nameof(StoreRejections) => (2, "store."),
                nameof(IdentityRejections) => (3, "identity."),
                nameof(ProgrammeRejections) => (4, "programme."),
                nameof(CouponCodeRejections) => (6, "coupon-code."),
                _ => (5, "access-key."),
            };
            (rejection.Code / 100).ShouldBe(hundred, rejection.Name);
            rejection.Name.ShouldStartWith(prefix);
            rejection.English.ShouldEndWith(".");
            rejection.Chinese.ShouldEndWith("。");
        }
    }

    [Fact]
    public void Refusals_stand_in_the_order_of_their_numbers()
    {
        foreach (var owner in Rejections().GroupBy(r => r.Owner)) owner.Select(r => r.Rejection.Code).ShouldBeInOrder();
    }

    private static IEnumerable<(Type Owner, Rejection Rejection)> Rejections() => typeof(Rejection).Assembly.GetTypes()
        .Where(type => type.Name.EndsWith("Rejections", StringComparison.Ordinal))
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static), (type, field) => (type, (Rejection)field.GetValue(null)!));

    // An empty object gets somewhere: a refusal, an answer, or a failure on what it lacks, but never "nothing knows this case".
    private static void ReachesARule(Type type, Func<object, object> rule)
    {
        var failure = Record.Exception(() => rule(RuntimeHelpers.GetUninitializedObject(type)));
        failure.ShouldNotBeOfType<UnreachableException>();
    }

    private static IEnumerable<Type> CasesOf(params Type[] families) =>
        families.SelectMany(family => family.Assembly.GetTypes().Where(type => type.IsSubclassOf(family)));
}
