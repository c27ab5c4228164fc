namespace ChainCrm.Peers;

/// <summary>One measurement.</summary>
/// <param name="System">What was asked.</param>
/// <param name="Load">How: connections or clients, and how customers were chosen.</param>
/// <param name="PerSecond">Purchases a second.</param>
/// <param name="P50Ms">Median latency; null where the tool does not tell.</param>
/// <param name="P99Ms">Latency that one in a hundred exceeded; null where the tool does not tell.</param>
internal sealed record Measured(string System, string Load, double PerSecond, double? P50Ms, double? P99Ms);
