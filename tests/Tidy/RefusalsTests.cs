using System.Reflection;
using System.Text.RegularExpressions;
using ChainCrm.Domain;
using Shouldly;
using Xunit;

namespace ChainCrm.Tidy;

/// <summary>Refusal numbers are for ever: unique, in their hundred, in both languages, and documented exactly as they are.</summary>
public partial class RefusalsTests
{
    private static readonly string[] Rooms = ["Domain", "Grains", "Engine", "Silo"];

    private static IReadOnlyList<(Type Owner, Rejection Rejection)> All { get; } =
    [
        .. Rooms.Select(room => Assembly.Load($"ChainCrm.{room}")).SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
                .Where(field => field.FieldType == typeof(Rejection) && !type.IsGenericType)
                .Select(field => (type, (Rejection)field.GetValue(null)!))),
    ];

    [Fact]
    public void Numbers_are_unique() => All.GroupBy(refusal => refusal.Rejection.Code).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    [Fact]
    public void Names_are_unique() => All.GroupBy(refusal => refusal.Rejection.Name).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    [Fact]
    public void Every_refusal_speaks_both_languages()
    {
        All.Count.ShouldBeGreaterThan(30);
        foreach (var (_, refusal) in All)
        {
            refusal.English.ShouldEndWith(".", customMessage: refusal.Name);
            HanCharacter().IsMatch(refusal.English).ShouldBeFalse(refusal.Name);
            HanCharacter().IsMatch(refusal.Chinese).ShouldBeTrue(refusal.Name);
            refusal.Chinese.ShouldEndWith("。", customMessage: refusal.Name);
            MachineName().IsMatch(refusal.Name).ShouldBeTrue(refusal.Name);
        }
    }

    [Fact]
    public void Chinese_refusals_have_full_width_punctuation_and_call_a_member_a_member()
    {
        foreach (var (_, refusal) in All)
        {
            HalfWidth().IsMatch(refusal.Chinese).ShouldBeFalse($"{refusal.Name}: {refusal.Chinese}");
            // Whom staff serve is a member (docs/glossary.md); only who is about to become one was a customer before.
            refusal.Chinese.Replace("该客户已经是会员", "", StringComparison.Ordinal).ShouldNotContain("客户", customMessage: refusal.Name);
            refusal.Chinese.ShouldNotContain("顾客", customMessage: refusal.Name);
        }
    }

    [Fact]
    public void Numbers_stand_in_the_hundred_of_their_aggregate()
    {
        var hundreds = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["CustomerRejections"] = 1, ["StoreRejections"] = 2, ["IdentityRejections"] = 3, ["ProgrammeRejections"] = 4,
            ["AccessKeyRejections"] = 5, ["CouponCodeRejections"] = 6, ["EngineRejections"] = 9, ["ApiRejections"] = 10,
        };
        foreach (var (owner, refusal) in All)
        {
            hundreds.ShouldContainKey(owner.Name, $"{refusal.Name} stands outside the lists of refusals");
            (refusal.Code / 100).ShouldBe(hundreds[owner.Name], refusal.Name);
        }
    }

    [Fact]
    public void The_document_lists_every_refusal_as_it_is()
    {
        var documented = Repository.Read("docs/refusals.md").Split('\n').Where(line => TableRow().IsMatch(line)).Select(line => line.Trim()).Order(StringComparer.Ordinal);
        var coded = All.Select(refusal => refusal.Rejection)
            .Select(refusal => $"| {refusal.Code} | {refusal.Name} | {refusal.English} | {refusal.Chinese} | {(refusal.MayPassLater ? "yes" : "no")} |").Order(StringComparer.Ordinal);
        documented.ShouldBe(coded);
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex HanCharacter();

    [GeneratedRegex(@"[\p{IsCJKUnifiedIdeographs}，。：；（）、「」]\s*[,:;()?!]|[,:;()?!]\s*[\p{IsCJKUnifiedIdeographs}，。：；（）、「」]")]
    private static partial Regex HalfWidth();

    [GeneratedRegex(@"^[a-z-]+\.[a-z0-9-]+$")]
    private static partial Regex MachineName();

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex TableRow();
}
