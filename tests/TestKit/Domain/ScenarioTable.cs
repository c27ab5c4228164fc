using System.Globalization;
using ChainCrm.Domain;

namespace ChainCrm.TestKit.Domain;

/// <summary>
/// A story as a table, one act a line: <c>day command arguments | outcome balance tier</c>. Outcome is ok, already-done or the name of
/// a refusal. Commands: buy store/receipt amount [use]; late store/receipt amount days; return store/receipt [line:milli ...];
/// redeem points; adjust points; wake. Amounts in minor units; a line that begins with // is a remark.
/// </summary>
public static class ScenarioTable
{
    /// <summary>Runs the table; throws with the line that differs.</summary>
    public static void Run(CustomerStory story, string table)
    {
        var start = story.Today.Number;
        foreach (var raw in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var line = raw.Split("//")[0].Trim();
            if (line.Length == 0) continue;
            var sides = line.Split('|');
            var words = sides[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            story.Today = new BusinessDay(start + (int)Number(words[0]));
            story.When(Parse(words));
            var actual = $"{Outcome(story)} {story.State.Balance} {story.State.Tier}";
            var expected = string.Join(' ', sides[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            if (actual != expected) throw new InvalidOperationException($"{raw}: expected {expected}, but got {actual}.");
        }
    }

    private static Act Parse(string[] words)
    {
        var (store, receipt) = words.Length > 2 && words[2].Split('/') is [var s, var r] ? (s, r) : ("", "");
        return words[1] switch
        {
            "buy" => CustomerActs.Buy(receipt, Number(words[3]), store, words.Length > 4 ? Number(words[4]) : 0),
            "late" => CustomerActs.Buy(receipt, Number(words[3]), store, daysAgo: (int)Number(words[4])),
            "return" => CustomerActs.Return(receipt, [.. words[3..].Select(w => w.Split(':')).Select(w => ((int)Number(w[0]), Number(w[1])))], store),
            "redeem" => CustomerActs.Redeem(Number(words[2])),
            "adjust" => CustomerActs.Adjust(Number(words[2])),
            "wake" => CustomerActs.Wake(),
            _ => throw new FormatException($"No act is called {words[1]}."),
        };
    }

    private static string Outcome(CustomerStory story) =>
        story.Last.Rejection?.Name ?? (story.Last.Events.Count == 0 ? "already-done" : "ok");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
