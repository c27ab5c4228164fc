namespace ChainCrm.Client;

/// <summary>Where the server is, who is calling, and how patiently.</summary>
public sealed record ChainCrmClientOptions
{
    /// <summary>Address of the server, such as http://127.0.0.1:5080.</summary>
    public required Uri Server { get; init; }

    /// <summary>The access key, <c>ck_...</c>; sent as a bearer token and never shown.</summary>
    public required string AccessKey { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromMilliseconds(ClientLimits.AttemptTimeoutMs);

    /// <summary>Attempts after the first, 0 or more.</summary>
    public int RetriesMax { get; init; } = ClientLimits.RetriesMax;

    /// <summary>No attempt is begun later than this after the first.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromMilliseconds(ClientLimits.RetryForMs);

    /// <summary>First pause before trying again; doubles with each attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(ClientLimits.RetryDelayMs);

    /// <summary>Called before each further attempt with what went wrong; for a line on the screen.</summary>
    public Action<string>? OnRetry { get; init; }

    /// <summary>The key is left out on purpose, so that options may be printed.</summary>
    public override string ToString() => $"{Server}";
}
