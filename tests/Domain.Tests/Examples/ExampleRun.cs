using System.Globalization;
using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>Works out one example, step by step, and tells each figure that differs from the document.</summary>
internal sealed class ExampleRun(ExampleBook book)
{
    private static readonly string[] Names = ["base", "by rule", "bonus", "total", "balance", "tier", "stored value", "on the card"];
    private CustomerStory _story = null!;
    private string _rules = "–";

    /// <summary>What differs, row by row; nothing when all is as it stands.</summary>
    public static IReadOnlyList<string> Check(ExampleBook book, IReadOnlyList<ExampleRow> rows)
    {
        var (run, wrong) = (new ExampleRun(book), new List<string>());
        foreach (var row in rows)
        {
            var found = run.Step(row);
            for (var i = 0; i < row.Expected.Count; i++)
            {
                if (found[i] != row.Expected[i]) wrong.Add($"{row.No}: {Names[i]} is {found[i]}, the document says {row.Expected[i]}");
            }
        }

        return wrong;
    }

    private string[] Step(ExampleRow row)
    {
        var (member, act) = (row.Given[0], ExampleActs.Parse(row.Given[1], row.Given[2], book, _story));
        if (row.Given[3].Length > 0) _rules = row.Given[3];
        var programme = ProgrammeOf(row.Chapter, _rules);
        if (member.Length > 0) Begin(member.Split(' '), programme, act(null!)!.At);
        _story.Programme = programme;
        _story.When(act);
        return [.. Figures(_story.Last), Number(_story.State.Balance.Count), _story.State.Tier.Value, StoredValueExample.Moved(_story.Last), StoredValueExample.OnCard(_story.State)];
    }

    private void Begin(string[] member, Programme programme, Timestamp at)
    {
        _story = CustomerStory.Stranger(programme).And(CustomerActs.Enrol(member[1])).InTier(member[0]);
        if (member.Length > 2) _story.And(ExampleActs.Adjust(long.Parse(member[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), at));
    }

    private static string[] Figures(Decision<CustomerEvent> decision)
    {
        if (decision.Rejection is { } refused) return ["–", "–", "–", $"refused {refused.Code}"];
        if (decision.Events.OfType<PurchaseRecorded>().SingleOrDefault() is { } bought) return Figures(bought);
        if (decision.Events.OfType<LinesReturned>().SingleOrDefault() is { } back) return Figures(back);
        var total = decision.Events.LastOrDefault() switch
        {
            PointsRedeemed e => Number(-e.Points.Count),
            PointsAdjusted e => (e.Points > Points.Zero ? "+" : "") + Number(e.Points.Count),
            PointsExpired e => $"expired {e.Points}",
            _ => "0",
        };
        return ["–", "–", "–", total];
    }

    private static string[] Figures(PurchaseRecorded bought)
    {
        var byRules = bought.Grants.Sum(grant => grant.Points.Count);
        var grants = bought.Grants.Where(grant => grant.Points > Points.Zero || grant.Withheld > Points.Zero)
            .Select(grant => $"{grant.Rule} {grant.Points}" + (grant.Withheld > Points.Zero ? $" (−{grant.Withheld})" : ""));
        return [Number(bought.PointsEarned.Count - bought.PointsBonus.Count - byRules), List(grants), Number(bought.PointsBonus.Count), Number(bought.PointsEarned.Count)];
    }

    private static string[] Figures(LinesReturned back)
    {
        var grants = back.GrantsBack.Where(grant => grant.Points != Points.Zero)
            .Select(grant => grant.Points > Points.Zero ? $"{grant.Rule} −{grant.Points}" : $"{grant.Rule} +{-grant.Points}");
        var total = Number(-back.PointsTakenBack.Count);
        if (back.PointsForgiven > Points.Zero) total += $"; forgiven {back.PointsForgiven}";
        if (back.PointsGivenBack > Points.Zero) total += $"; back {back.PointsGivenBack}";
        return ["–", List(grants), "–", total];
    }

    private static Programme ProgrammeOf(ExampleChapter chapter, string letters) => DomainProgrammes.With(document =>
    {
        Merge(document.AsObject(), chapter.Patch);
        var inForce = letters.Split(' ').Where(letter => letter != "–").ToLookup(letter => chapter.Rules[letter].ContainsKey("programme"));
        foreach (var letter in inForce[true]) Merge(document.AsObject(), chapter.Rules[letter]["programme"]!.AsObject());
        if (document["storedValue"] is null) document.AsObject().Remove("storedValue");
        document["earning"] = new JsonObject { ["rules"] = new JsonArray([.. inForce[false].Select(letter => Named(letter, chapter.Rules[letter]))]) };
    });

    private static JsonObject Named(string letter, JsonObject rule)
    {
        var named = rule.DeepClone().AsObject();
        named["id"] ??= letter;
        (named["nameZh"], named["nameEn"]) = ($"规则 {letter}", $"Rule {letter}");
        return named;
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonObject inner && into[name] is JsonObject outer) Merge(outer, inner);
            else into[name] = value?.DeepClone();
        }
    }

    private static string List(IEnumerable<string> parts) => string.Join("; ", parts) is { Length: > 0 } list ? list : "–";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture).Replace('-', '−');
}
