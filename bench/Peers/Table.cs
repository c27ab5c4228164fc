using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ChainCrm.Peers;

/// <summary>Medians over the rounds, with the least and the most.</summary>
internal static class Table
{
    public static JsonSerializerOptions Indented { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Markdown(IReadOnlyCollection<Measured> found)
    {
        var text = new StringBuilder();
        text.AppendLine("| system | load | purchases/s (least to most) | p50 | p99 |");
        text.AppendLine("|---|---|---|---|---|");
        foreach (var group in found.GroupBy(measured => (measured.System, measured.Load)))
        {
            var rates = group.Select(measured => measured.PerSecond).ToList();
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"| {group.Key.System} | {group.Key.Load} | {Median(rates):N0} ({rates.Min():N0} to {rates.Max():N0}) | {Ms(group.Select(m => m.P50Ms))} | {Ms(group.Select(m => m.P99Ms))} |"));
        }

        return text.ToString();
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Ms(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().ToList();
        return known.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{Median(known):N2} ms");
    }
}
