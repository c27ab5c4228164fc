using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ChainCrm.Faults;

/// <summary>The table on the screen and the file of JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Head { get; } =
        "| kind | faults | acknowledged | retried | found by key | lost | doubled | wrong | first answer p50 / max ms | seconds |\n|---|---|---|---|---|---|---|---|---|---|";

    public static string Row(Result result) => result.Skipped is { } reason
        ? $"| {result.Kind} | skipped: {reason} | | | | | | | | |"
        : string.Create(CultureInfo.InvariantCulture,
            $"| {result.Kind} | {result.Faults}{(result.Missed > 0 ? $" (and {result.Missed} that met nobody)" : "")} | {result.Acknowledged} | {result.Retries} | {result.Found} | {result.Lost} | {result.Doubled} | {result.Wrong} | {result.FirstAnswerMsMedian:0} / {result.FirstAnswerMsMax:0} | {result.Seconds:0} |");

    public static void Write(string file, IEnumerable<Result> results)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(file, JsonSerializer.Serialize(
            new { At = DateTimeOffset.UtcNow, Commit = Environment.GetEnvironmentVariable("FAULTS_COMMIT"), Machine = Machine(), Results = results }, Json));
    }

    public static string Machine() => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}, .NET {Environment.Version}");
}
