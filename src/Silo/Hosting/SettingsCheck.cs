using System.Globalization;

namespace ChainCrm.Silo.Hosting;

/// <summary>Checks settings at start, so that a wrong one is a sentence on the console and not a surprise an hour later.</summary>
public static class SettingsCheck
{
    private static readonly string[] Templates = ["", "beauty", "food", "retail"];
    private static readonly string[] Stores = ["sqlite", "postgres"];
    private static readonly string[] Formats = ["json", "simple"];
    private static readonly string[] Protocols = ["grpc", "http"];
    private static readonly string[] Levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];

    /// <summary>Every fault, one sentence each, beginning with the path of the setting; empty when all is well.</summary>
    public static IReadOnlyList<string> Faults(ServerSettings settings)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(settings.Data.Folder))
            faults.Add("data.folder must name a folder.");
        Range("data.diskLowMegabytes", settings.Data.DiskLowMegabytes, 0, 1_000_000);
        Range("data.journalMegabytesMax", settings.Data.JournalMegabytesMax, 0, 100_000_000);
        OneOf("journal.store", settings.Journal.Store, Stores);
        if (settings.Journal.Store == "postgres" && JournalStore.Fault(settings.Journal) is { } journal) faults.Add(journal);
        Range("http.port", settings.Http.Port, 0, 65_535);
        Range("http.connectionsMax", settings.Http.ConnectionsMax, 1, 1_000_000);
        Range("http.keepAliveSeconds", settings.Http.KeepAliveSeconds, 1, 3_600);
        Range("http.headersSeconds", settings.Http.HeadersSeconds, 1, 300);
        foreach (var url in settings.Http.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
                faults.Add($"http.urls: '{url}' is not an address of the form http://host:port. (For https put a reverse proxy in front.)");
        }
        if (!IsChainId(settings.Chain.Id))
            faults.Add("chain.id must be 1 to 32 characters of a-z 0-9 - .");
        if (settings.Chain.PhoneCountryCode.Length is 0 or > 3 || !settings.Chain.PhoneCountryCode.All(char.IsAsciiDigit))
            faults.Add("chain.phoneCountryCode must be 1 to 3 digits, such as 86.");
        OneOf("demo.template", settings.Demo.Template, Templates);
        Range("demo.salesPerDay", settings.Demo.SalesPerDay, 100, HostLimits.DemoSalesPerDayMax);
        Range("demo.members", settings.Demo.Members, 100, HostLimits.DemoMembersMax);
        Range("engine.partitions", settings.Engine.Partitions, 0, 64);
        Range("engine.idleSeconds", settings.Engine.IdleSeconds, 1, 86_400);
        if (settings.Telemetry.OtlpEndpoint.Length > 0
            && (!Uri.TryCreate(settings.Telemetry.OtlpEndpoint, UriKind.Absolute, out var otlp) || otlp.Scheme is not ("http" or "https")))
            faults.Add($"telemetry.otlpEndpoint: '{settings.Telemetry.OtlpEndpoint}' is not an http or https address.");
        OneOf("telemetry.otlpProtocol", settings.Telemetry.OtlpProtocol, Protocols);
        if (string.IsNullOrWhiteSpace(settings.Telemetry.ServiceName))
            faults.Add("telemetry.serviceName must not be empty.");
        Range("telemetry.tracePercent", settings.Telemetry.TracePercent, 0, 100);
        Range("telemetry.metricsSeconds", settings.Telemetry.MetricsSeconds, 1, 3_600);
        OneOf("log.format", settings.Log.Format, Formats);
        OneOf("log.level", settings.Log.Level, Levels);
        // The whole stop must fit into 10 seconds, and snapshots come after the drain.
        Range("stop.drainSeconds", settings.Stop.DrainSeconds, 0, 7);
        return faults;

        void Range(string path, int value, int from, int to)
        {
            if (value < from || value > to)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{path} is {value}; it must be {from} to {to}."));
        }

        void OneOf(string path, string value, string[] allowed)
        {
            if (!allowed.Contains(value, StringComparer.Ordinal))
                faults.Add($"{path} is '{value}'; it must be one of: {string.Join(", ", allowed.Where(a => a.Length > 0))}{(allowed.Contains("") ? ", or empty" : "")}.");
        }
    }

    private static bool IsChainId(string id) =>
        id.Length is >= 1 and <= 32 && id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');
}
