using System.Globalization;
using System.Text.RegularExpressions;

namespace ChainCrm.Peers;

/// <summary>The engine without HTTP, on SQLite.</summary>
internal static partial class InProcess
{
    public const string Name = "ChainCrm in process";

    public static async Task<Measured> MeasureAsync(Options options, int outstanding, bool hot = false)
    {
        var output = await Tool.RunAsync("dotnet",
            [
                Paths.InProcess, "rate", "sqlite", "--outstanding", outstanding.ToString(CultureInfo.InvariantCulture), "--seconds", options.Seconds.ToString(CultureInfo.InvariantCulture),
                "--customers", options.Customers.ToString(CultureInfo.InvariantCulture), .. hot ? new[] { "--hot" } : [],
            ]);
        var rate = double.Parse(Rate().Match(output).Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture);
        return new(hot ? $"{Name}, one hot customer" : Name, $"{outstanding} outstanding", rate, null, null);
    }

    [GeneratedRegex(@"outstanding:\s*([\d,.]+) purchases/s")]
    private static partial Regex Rate();
}
