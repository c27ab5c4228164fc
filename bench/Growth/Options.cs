using System.Globalization;

namespace ChainCrm.Growth;

/// <summary>What a run measures.</summary>
/// <param name="Customers">Sizes: customers stored.</param>
/// <param name="History">Sizes: entries of each customer.</param>
/// <param name="Stores">Sizes: stores of the chain.</param>
/// <param name="Entries">Entries of the journal that a killed server starts on.</param>
/// <param name="Seconds">Seconds of a measurement.</param>
/// <param name="Rounds">Rounds; in each, every size has its turn once.</param>
/// <param name="Data">Where filled journals stay for the next run; null for a folder that is deleted at the end.</param>
/// <param name="Parts">Which parts run.</param>
internal sealed record Options(int[] Customers, int[] History, int[] Stores, int Entries, int Seconds, int Rounds, string? Data, string[] Parts)
{
    /// <summary>Commands on their way at once.</summary>
    public const int Outstanding = 1_024;

    public static readonly string[] AllParts = ["customers", "history", "stores", "hot", "recovery"];

    private static readonly string[] Names = ["--customers", "--history", "--stores", "--entries", "--seconds", "--rounds", "--data", "--only"];

    /// <exception cref="ArgumentException">Says what is not an option.</exception>
    public static Options From(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i += 2)
            if (!Names.Contains(arguments[i]) || i + 1 == arguments.Length)
                throw new ArgumentException($"{arguments[i]} is no option or has no value. There are {string.Join(", ", Names)}.");
        var parts = Text("--only", string.Join(',', AllParts)).Split(',');
        if (parts.Except(AllParts).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no part {unknown}: {string.Join(", ", AllParts)}.");
        var data = Text("--data", "");
        return new(
            Numbers("--customers", "10000,1000000,10000000"), Numbers("--history", "10,1000,100000"), Numbers("--stores", "3,100,3000"),
            Numbers("--entries", "10000000")[0], Numbers("--seconds", "3")[0], Numbers("--rounds", "3")[0],
            data.Length == 0 ? null : Path.GetFullPath(data, Environment.GetEnvironmentVariable("CALLED_FROM") ?? Paths.Root), parts);

        int[] Numbers(string name, string otherwise) => [.. Text(name, otherwise).Split(',').Select(text => Number(name, text))];

        string Text(string name, string otherwise)
        {
            var at = Array.IndexOf(arguments, name);
            return at < 0 ? otherwise : arguments[at + 1];
        }
    }

    private static int Number(string name, string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new ArgumentException($"{name} takes whole numbers above 0, several with commas.");
}
