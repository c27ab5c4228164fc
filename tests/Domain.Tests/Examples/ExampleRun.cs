using System.Globalization;
using System.Text.Json.Nodes;
using ChainCrm.Domain.Customers;
using ChainCrm.Domain.Programmes;
using ChainCrm.TestKit.Domain;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>Works out one example, step by step, and tells each figure that differs from the document.</summary>
internal sealed class ExampleRun(ExampleBook book)
{
    private CustomerStory _story = null!;
    private string _rules = "–";
    private Timestamp _at;

    /// <summary>What differs, row by row; nothing when all is as it stands.</summary>
    public static IReadOnlyList<string> Check(ExampleBook book, IReadOnlyList<ExampleRow> rows)
    {
        var (run, wrong) = (new ExampleRun(book), new List<string>());
        foreach (var row in rows)
        {
            var found = run.Step(row);
            for (var i = 0; i < row.Expected.Count; i++)
            {
                if (found[row.Chapter.Heads[i]] is var figure && figure != row.Expected[i]) wrong.Add($"{row.No}: {row.Chapter.Heads[i]} is {figure}, the document says {row.Expected[i]}");
            }
        }

        return wrong;
    }

    private Dictionary<string, string> Step(ExampleRow row)
    {
        var (member, act) = (row.Given[0], ExampleActs.Parse(row.Given[1], row.Given[2], book, _story));
        if (row.Given[3].Length > 0) _rules = row.Given[3];
        var programme = ProgrammeOf(row.Chapter, _rules);
        if (member.Length > 0) Begin(member.Split(' '), programme, act(null!)!.At);
        _story.Programme = programme;
        if (act(_story) is { } command) _at = command.At;
        _story.When(act);
        var figures = Figures(_story.Last);
        return new Dictionary<string, string>
        {
            ["Base"] = figures[0], ["By rule"] = figures[1], ["Bonus"] = figures[2], ["Total"] = figures[3],
            ["Balance"] = Number(_story.State.Balance.Count), ["Tier"] = _story.State.Tier.Value,
            ["Stored value"] = StoredValueExample.Moved(_story.Last), ["On the card"] = StoredValueExample.OnCard(_story.State),
            ["Coupons"] = CouponExample.Moved(_story.Last), ["In hand"] = CouponExample.InHand(_story.State, _at),
        };
    }

    private void Begin(string[] member, Programme programme, Timestamp at)
    {
        _story = CustomerStory.Stranger(programme).And(CustomerActs.Enrol(member[1])).InTier(member[0]);
        foreach (var word in member[2..])
        {
            _story.And(word[0] == '+' ? ExampleActs.Adjust(long.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), at) : ExampleActs.Issue(word, 1, at));
        }
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
            DeliverySent e => Number(-e.Points.Count),
            DeliveryReceived e => "+" + Number(e.Points.Count),
            DeliveryGivenBack e => $"back {e.Points}",
            PointsExtended e => $"extended {e.Points}",
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
        var inForce = letters.Split(' ').Where(letter => letter != "–").ToLookup(letter => PartOf(chapter.Rules[letter]));
        foreach (var letter in inForce["programme"]) Merge(document.AsObject(), chapter.Rules[letter]["programme"]!.AsObject());
        if (document["storedValue"] is null) document.AsObject().Remove("storedValue");
        document["earning"] = new JsonObject { ["rules"] = List("") };
        if (inForce.Contains("price")) document["memberPrices"] = List("price");
        if (document["coupons"] is null && !inForce.Contains("coupon") && !inForce.Contains("issue")) return;
        Merge(document.AsObject(), new JsonObject { ["coupons"] = new JsonObject { ["kinds"] = List("coupon"), ["issue"] = List("issue") } });

        JsonArray List(string part) => new([.. inForce[part].Select(letter => Named(letter, part.Length == 0 ? chapter.Rules[letter] : chapter.Rules[letter][part]!.AsObject()))]);
    });

    /// <summary>What the JSON of a letter is: a change of the programme, a kind of coupon, a rule that issues some, a member price, or, with no name, an earning rule.</summary>
    private static string PartOf(JsonObject rule) => rule.Count == 1 && rule.First().Key is "programme" or "coupon" or "issue" or "price" ? rule.First().Key : "";

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
            else if (value is null) into.Remove(name);
            else into[name] = value.DeepClone();
        }
    }

    private static string List(IEnumerable<string> parts) => string.Join("; ", parts) is { Length: > 0 } list ? list : "–";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture).Replace('-', '−');
}
