using ChainCrm.Domain;
using ChainCrm.Domain.Customers;

namespace ChainCrm.TestKit.Domain;

/// <summary>Kinds of coupons and lines made up from chance.</summary>
public static class RandomCoupons
{
    /// <summary>Three categories; two of the second may go on one receipt.</summary>
    public const string Categories = """[{"id":"gift"},{"id":"goods","perReceipt":2},{"id":"basket"}]""";

    /// <summary>The ids of the kinds, in the order of the document.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["k1", "k2", "k3", "k4", "k5", "k6"];

    /// <summary>The kinds, each as JSON.</summary>
    public static IReadOnlyList<string> Kinds(int seed)
    {
        var dice = Dice.Of(seed);
        return [.. Ids.Select(id => KindOf(id, dice))];
    }

    /// <summary>The same kinds, some for few days, few for a customer, alone, or back by shares.</summary>
    public static string[] KindsWithTerms(int seed)
    {
        var dice = Dice.Of(seed + 77);
        return [.. Kinds(seed).Select(kind => $"{kind[..^1]}{TermsOf(dice)}}}")];
    }

    /// <summary>One to five rules by which they come.</summary>
    public static string[] Rules(int seed)
    {
        var dice = Dice.Of(seed + 99);
        return [.. Enumerable.Range(1, 1 + dice.Next(5)).Select(number => RuleOf($"b{number}", dice))];
    }

    /// <summary>A line of one to four pieces, now and then of a weight or without quantity.</summary>
    public static PurchaseLine LineOf(int line, int seed)
    {
        var dice = Dice.Of(seed);
        var price = dice.Next(9_000);
        return new PurchaseLine
        {
            Line = line,
            Product = new ProductId($"P{line}"),
            Quantity = new Quantity(dice.Next(6) switch { 0 => 350, 1 => 0, _ => 1_000 * (1 + dice.Next(4)) }),
            Price = new Money(price),
            Discount = new Money(dice.Next(4) == 0 ? dice.Next(price + 1) : 0),
        };
    }

    private static string TermsOf(Dice dice)
    {
        string[] periods = ["ever", "day", "month", "year"];
        var valid = dice.OneIn(2) ? $$$""","valid":{"days":{{{1 + dice.Next(60)}}},"afterDays":{{{(dice.OneIn(5) ? 1 : 0)}}}}""" : "";
        var limit = dice.OneIn(2) ? $$$""","perCustomer":{"count":{{{1 + dice.Next(6)}}},"per":"{{{dice.Of(periods)}}}"}""" : "";
        var rest = (dice.OneIn(3) ? ""","onReturn":"share" """ : "") + (dice.OneIn(4) ? ""","perReceipt":2""" : "") + (dice.OneIn(8) ? ""","alone":true""" : "");
        return valid + limit + rest;
    }

    private static string RuleOf(string id, Dice dice)
    {
        var on = dice.Next(5) switch { 0 => "enrolment", 1 => "tierReached", 2 => "topUp", _ => "purchase" };
        var minimum = on is "purchase" or "topUp" ? $$""","minimumMinor":{{dice.Next(30_000)}}""" : "";
        var when = on == "purchase" && dice.OneIn(2) ? $$$""","when":{"fact":"product","in":["P{{{1 + dice.Next(3)}}}"]}""" : "";
        return $$"""{"id":"{{id}}","on":"{{on}}","kind":"{{dice.Of(Ids)}}","count":{{1 + dice.Next(3)}}{{minimum}}{{when}}}""";
    }

    private static string KindOf(string id, Dice dice)
    {
        string[] gives =
        [
            $$"""{"kind":"amount","minor":{{1 + dice.Next(9_000)}}}""", $$"""{"kind":"percent","percent":{{1 + dice.Next(100)}}}""",
            $$"""{"kind":"percent","percent":{{1 + dice.Next(60)}},"mostMinor":{{1 + dice.Next(2_000)}}}""",
            $$"""{"kind":"perFull","eachMinor":{{1 + dice.Next(9_000)}},"minor":{{1 + dice.Next(900)}},"times":{{1 + dice.Next(4)}}}""", $$"""{"kind":"free","items":{{1 + dice.Next(3)}}}""",
            $$"""{"kind":"second","percent":{{1 + dice.Next(100)}},"pairs":{{1 + dice.Next(3)}}}""", $$"""{"kind":"price","minor":{{dice.Next(2_000)}},"items":{{1 + dice.Next(2)}}}""",
        ];
        var when = dice.Next(2) == 0 ? "" : $$"""
            ,"when":{"fact":"product","in":["P1","P{{1 + dice.Next(8)}}","P{{1 + dice.Next(8)}}"]}
            """;
        var category = dice.Next(3) switch { 0 => "gift", 1 => "goods", _ => "basket" };
        return $$"""{"id":"{{id}}","category":"{{category}}","give":{{gives[dice.Next(gives.Length)]}},"minimum":{"amountMinor":{{(dice.Next(2) == 0 ? 0 : dice.Next(20_000))}},"receiptMinor":{{(dice.Next(3) == 0 ? dice.Next(20_000) : 0)}}}{{when}}}""";
    }
}
