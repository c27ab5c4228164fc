using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ChainCrm.Growth;

/// <summary>The results: medians over the rounds with the least and the most, a column for each size.</summary>
internal static class Table
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes growth.json and growth.md into artifacts/bench and answers the latter.</summary>
    public static async Task<string> WriteAsync(Figures figures, string command, TimeSpan took)
    {
        var machine = $"{RuntimeInformation.OSDescription.Trim()}, {Environment.ProcessorCount} cores, "
            + $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.FrameworkDescription}";
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"`{command}` on {machine}; {took.TotalMinutes:N1} minutes. Medians, least and most in brackets.");
        foreach (var part in figures.All.GroupBy(figure => figure.Part)) Append(text, part.Key, [.. part]);
        var folder = Directory.CreateDirectory(Path.Combine(Paths.Root, "artifacts", "bench")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "growth.json"), JsonSerializer.Serialize(new
        {
            Machine = machine,
            Command = command,
            Ended = DateTimeOffset.UtcNow,
            Minutes = Math.Round(took.TotalMinutes, 1),
            Figures = figures.All,
        }, Indented));
        await File.WriteAllTextAsync(Path.Combine(folder, "growth.md"), text.ToString());
        return text.ToString();
    }

    /// <summary>A number with as many digits as it is worth.</summary>
    public static string Short(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "N0", >= 10 => "N1", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, string part, IReadOnlyList<Figure> figures)
    {
        var sizes = figures.Select(figure => figure.Size).Distinct().ToList();
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"| {part} | {string.Join(" | ", sizes)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(sizes.Select(_ => "---|"))}");
        foreach (var what in figures.Select(figure => figure.What).Distinct())
            text.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {string.Join(" | ", sizes.Select(size => Cell(figures.FirstOrDefault(f => f.Size == size && f.What == what))))} |");
    }

    private static string Cell(Figure? figure) => figure is null ? ""
        : figure.Values.Count == 1 ? Short(figure.Median)
        : $"{Short(figure.Median)} ({Short(figure.Values.Min())} to {Short(figure.Values.Max())})";
}
