namespace ChainCrm.Silo;

/// <summary>What the API needs to know of this installation. The host fills it from the configuration.</summary>
public sealed record ChainOptions
{
    /// <summary>The chain (tenant) that callers without a key see, and the one the first office key is for.</summary>
    public string DefaultChain { get; init; } = "main";

    /// <summary>The chain is generated; every page says so.</summary>
    public bool Demo { get; init; }

    /// <summary>Lets callers without a key look as a viewer: wall, stores and statistics, never personal data. Off unless set.</summary>
    public bool AnonymousViewer { get; init; }

    /// <summary>Calling code put before a telephone number that people type without one; digits only.</summary>
    public string PhoneCountryCode { get; init; } = "86";

    /// <summary>The data folder, where the mark of a generated chain is; empty when there is none.</summary>
    public string DataFolder { get; init; } = "";
}
