using System.Text.Json.Serialization;

namespace ChainCrm.Silo.Operation;

/// <summary>One thing that can stand against being ready: a reason code such as <c>journal.failing</c>, or null. Called often; must not block.</summary>
internal delegate string? HealthCheck();

/// <summary>
/// Whether this server should be sent requests, and why not. Reasons make it not ready; warnings only say what someone should look at.
/// Thread-safe.
/// </summary>
internal sealed class Readiness(ILogger logger)
{
    private readonly Lock _gate = new();
    private readonly List<HealthCheck> _reasons = [];
    private readonly List<HealthCheck> _warnings = [];
    private readonly List<(string Name, Func<long> Value)> _figures = [];
    private volatile bool _started;
    private volatile bool _stopping;
    private string _lastSaid = "";

    /// <summary>Adds a check whose finding makes the server not ready.</summary>
    public void AddReason(HealthCheck check)
    {
        lock (_gate) _reasons.Add(check);
    }

    /// <summary>Adds a check whose finding is only told.</summary>
    public void AddWarning(HealthCheck check)
    {
        lock (_gate) _warnings.Add(check);
    }

    /// <summary>Adds a figure that the report shows.</summary>
    public void AddFigure(string name, Func<long> value)
    {
        lock (_gate) _figures.Add((name, value));
    }

    /// <summary>Everything has been started and the read side has caught up for the first time.</summary>
    public void Started() => _started = true;

    /// <summary>The stop has begun.</summary>
    public void Stopping() => _stopping = true;

    /// <summary>How it stands now.</summary>
    public HealthReport Report()
    {
        HealthReport report;
        lock (_gate)
        {
            var reasons = new List<string>();
            if (_stopping) reasons.Add("server.stopping");
            else if (!_started) reasons.Add("server.catching-up");
            reasons.AddRange(_reasons.Select(check => check()).OfType<string>());
            report = new HealthReport(
                reasons.Count == 0 ? "ready" : "not-ready", reasons, [.. _warnings.Select(check => check()).OfType<string>()],
                _figures.ToDictionary(f => f.Name, f => f.Value(), StringComparer.Ordinal), ServerVersion.Text);
            SayChange(report);
        }
        return report;
    }

    private void SayChange(HealthReport report)
    {
        var said = string.Join(", ", report.Reasons);
        if (said == _lastSaid || !_started) return;
        _lastSaid = said;
        if (said.Length > 0) Log.NotReady(logger, said);
        else Log.ReadyAgain(logger);
    }
}

/// <summary>The answer of /health/ready.</summary>
/// <param name="Status">ready or not-ready.</param>
/// <param name="Reasons">Why it is not ready; empty when it is.</param>
/// <param name="Warnings">What someone should look at.</param>
/// <param name="Figures">Journal head, read side position and lag, free megabytes.</param>
/// <param name="Version">Version of the server.</param>
internal sealed record HealthReport(
    string Status, IReadOnlyList<string> Reasons, IReadOnlyList<string> Warnings, IReadOnlyDictionary<string, long> Figures, string Version)
{
    /// <summary>True when requests are welcome.</summary>
    [JsonIgnore]
    public bool IsReady => Reasons.Count == 0;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
