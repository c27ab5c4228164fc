using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ChainCrm.Domain.Tests.Examples;

/// <summary>One step of a worked example, as it stands in the document.</summary>
/// <param name="Chapter">Where it stands.</param>
/// <param name="No">12, or 12.1, 12.2 ... of one example.</param>
/// <param name="Given">Member, step, basket, rules.</param>
/// <param name="Expected">Base, by rule, bonus, total, balance, tier; in some chapters also what moved and what is on the card, coupons and what is in hand.</param>
internal sealed record ExampleRow(ExampleChapter Chapter, string No, IReadOnlyList<string> Given, IReadOnlyList<string> Expected)
{
    public int Number => int.Parse(No.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What the rows of a chapter have in common.</summary>
internal sealed class ExampleChapter
{
    /// <summary>What its programme changes of the built-in one.</summary>
    public JsonObject Patch { get; set; } = [];

    /// <summary>The last words of the heads of its columns, from the first that is worked out.</summary>
    public IReadOnlyList<string> Heads { get; set; } = [];

    /// <summary>Its rules, kinds of coupons, and changes of its programme, by their letters.</summary>
    public Dictionary<string, JsonObject> Rules { get; } = new(StringComparer.Ordinal);
}

/// <summary>docs/domain/examples.md, read: the document is the data of the tests, there is no second copy of its rows.</summary>
internal sealed partial class ExampleBook
{
    private const int FirstGiven = 2, GivenColumns = 4;

    public List<ExampleRow> Rows { get; } = [];

    /// <summary>Region and city of each store; null when not known.</summary>
    public Dictionary<string, (string? Region, string? City)> Stores { get; } = new(StringComparer.Ordinal);

    public static ExampleBook Load()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ChainCrm.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found.");
        return Read(File.ReadAllLines(Path.Combine(folder.FullName, "docs/domain/examples.md")));
    }

    private static ExampleBook Read(IEnumerable<string> lines)
    {
        var (book, chapter) = (new ExampleBook(), new ExampleChapter());
        foreach (var line in lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) chapter = new ExampleChapter();
            else if (line.StartsWith("Programme: ", StringComparison.Ordinal) && Code().Match(line) is { Success: true } patch)
                chapter.Patch = JsonNode.Parse(patch.Groups[1].Value)!.AsObject();
            else if (line.StartsWith('|')) book.ReadCells(chapter, [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim())]);
        }

        return book;
    }

    private void ReadCells(ExampleChapter chapter, string[] cells)
    {
        if (cells[0] == "No") chapter.Heads = [.. cells[(FirstGiven + GivenColumns)..].Select(head => Head().Match(head).Value)];
        else if (cells.Length == FirstGiven + GivenColumns + chapter.Heads.Count && StepNumber().IsMatch(cells[0]))
            Rows.Add(new ExampleRow(chapter, cells[0], cells[FirstGiven..(FirstGiven + GivenColumns)], cells[(FirstGiven + GivenColumns)..]));
        else if (cells.Length == 3 && Letter().IsMatch(cells[0]))
            chapter.Rules[cells[0]] = JsonNode.Parse(cells[2].Trim('`'))!.AsObject();
        else if (cells.Length == 3 && cells[0].StartsWith('S') && cells[0] != "Store")
            Stores[cells[0]] = (Known(cells[1]), Known(cells[2]));
    }

    private static string? Known(string cell) => cell == "–" ? null : cell;

    [GeneratedRegex("`(\\{.*\\})`")]
    private static partial Regex Code();

    [GeneratedRegex("[A-Z][A-Za-z ]*$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^\d+(\.\d+)?$")]
    private static partial Regex StepNumber();

    [GeneratedRegex("^[A-Z]$")]
    private static partial Regex Letter();
}
